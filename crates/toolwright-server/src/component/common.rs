use std::{collections::BTreeSet, time::Duration};

use toolwright_core::{
    joint::SharedAuthorizer,
    model::{CacheHint, ClientCapabilities, Icon, Meta},
};

/// What all kinds of components have.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Common {
    /// Name, unique in its kind; resources are addressed by URI and have one for display.
    pub name: String,
    /// Title for people.
    pub title: Option<String>,
    /// Description for the model.
    pub description: Option<String>,
    /// Pictures.
    pub icons: Vec<Icon>,
    /// Labels that transforms select by; not on the wire.
    pub tags: BTreeSet<String>,
    /// Version; of several, the highest is served unless a caller pins another.
    pub version: Option<String>,
    /// `_meta` of the definition.
    pub meta: Option<Meta>,
    /// Longest run of the handler, instead of the server's.
    pub timeout: Option<Duration>,
    /// Scopes that a caller needs; nothing checks them yet.
    pub scopes: Vec<String>,
    /// What the client must be capable of.
    pub requires: Vec<Requirement>,
    /// Who may see and use it, besides scopes.
    pub access: Option<SharedAuthorizer>,
    /// How long clients may keep what it answers; of resources only, since nothing else is kept ("Caching").
    pub cache: Option<CacheHint>,
    /// Whether a mark hides it; hidden is exactly not found.
    pub hidden: bool,
    /// Layers around its handler.
    pub layers: Vec<crate::middleware::SharedMiddleware>,
    /// Types of state that its handler needs, checked by `build()`.
    pub needs: crate::extract::Needs,
}

impl Common {
    /// Whether what it answers may depend on who is calling, as far as that is known.
    pub(crate) fn depends_on_caller(&self) -> bool {
        self.access.is_some() || !self.scopes.is_empty() || self.needs.needs_caller()
    }

    /// `_meta` of the definition, with the version where there is one.
    pub(crate) fn wire_meta(&self) -> Option<Meta> {
        let Some(version) = &self.version else { return self.meta.clone() };
        let mut meta = self.meta.clone().unwrap_or_default();
        meta.insert(super::VERSION_KEY, version.as_str());
        Some(meta)
    }
}

/// A capability of the client that a handler cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Requirement {
    /// `elicitation` in form mode.
    Elicitation,
    /// `elicitation` in URL mode.
    ElicitationUrl,
    /// `sampling`.
    Sampling,
    /// `sampling.tools`.
    SamplingTools,
    /// `roots`.
    Roots,
}

impl Requirement {
    /// Whether clients of this era can be asked for it at all.
    pub(crate) fn exists_in(self, era: toolwright_core::era::Era) -> bool {
        match self {
            Self::Elicitation => era.elicits(),
            Self::ElicitationUrl => era.elicits_richly(),
            Self::SamplingTools => era.samples_with_tools(),
            Self::Sampling | Self::Roots => true,
        }
    }

    /// The same as the capabilities object a client would declare.
    pub fn capabilities(self) -> ClientCapabilities {
        let (name, value) = match self {
            Self::Elicitation => ("elicitation", serde_json::json!({ "form": {} })),
            Self::ElicitationUrl => ("elicitation", serde_json::json!({ "url": {} })),
            Self::Sampling => ("sampling", serde_json::json!({})),
            Self::SamplingTools => ("sampling", serde_json::json!({ "tools": {} })),
            Self::Roots => ("roots", serde_json::json!({})),
        };
        serde_json::from_value(serde_json::json!({ name: value })).expect("these literals are capabilities")
    }
}

/// Setters that every kind of component has.
macro_rules! common_setters {
    ($type:ty) => {
        impl $type {
            /// Title for people.
            pub fn title(mut self, title: impl Into<String>) -> Self {
                self.common.title = Some(title.into());
                self
            }

            /// Description for the model.
            pub fn description(mut self, description: impl Into<String>) -> Self {
                self.common.description = Some(description.into());
                self
            }

            /// Adds a picture.
            pub fn icon(mut self, icon: toolwright_core::model::Icon) -> Self {
                self.common.icons.push(icon);
                self
            }

            /// Labels that transforms select by; not on the wire.
            pub fn tags(mut self, tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
                self.common.tags.extend(tags.into_iter().map(Into::into));
                self
            }

            /// Version; of several, the highest is served unless a caller pins another.
            pub fn version(mut self, version: impl Into<String>) -> Self {
                self.common.version = Some(version.into());
                self
            }

            /// `_meta` of the definition.
            pub fn meta(mut self, meta: toolwright_core::model::Meta) -> Self {
                self.common.meta = Some(meta);
                self
            }

            /// Longest run of the handler, instead of the server's.
            pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
                self.common.timeout = Some(timeout);
                self
            }

            /// Scopes that a caller needs. They are kept, and clients are told to keep what is read under them to themselves; nothing
            /// refuses a caller without them yet. A rule for [`access`](Self::access) does, which may ask
            /// [`has_scope`](toolwright_core::joint::Principal::has_scope).
            pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
                self.common.scopes.extend(scopes.into_iter().map(Into::into));
                self
            }

            /// What the client must be capable of; checked before the handler starts.
            pub fn requires(
                mut self,
                requires: impl IntoIterator<Item = crate::component::Requirement>,
            ) -> Self {
                self.common.requires.extend(requires);
                self
            }

            /// Who may see and use it, besides scopes. For everyone else it does not exist.
            pub fn access(mut self, rule: impl toolwright_core::joint::Authorizer) -> Self {
                self.common.access = Some(toolwright_core::joint::SharedAuthorizer::new(rule));
                self
            }

            /// Adds a layer around the handler, inside the layers of the server.
            pub fn layer(mut self, layer: impl crate::middleware::Middleware) -> Self {
                self.common.layers.push(crate::middleware::SharedMiddleware::new(layer));
                self
            }

            /// What all kinds of components have.
            pub fn common(&self) -> &crate::component::Common {
                &self.common
            }

            /// What all kinds of components have, to change it.
            pub fn common_mut(&mut self) -> &mut crate::component::Common {
                &mut self.common
            }
        }
    };
}
pub(crate) use common_setters;
