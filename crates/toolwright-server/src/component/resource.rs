use std::{fmt, sync::Arc};

use toolwright_core::{
    joint::BoxFuture,
    model::{self, Annotations, CacheHint, ReadResourceResult},
    uri::UriTemplate,
};

use super::{Common, ComponentKey, Kind, common::common_setters};
use crate::{Context, HandlerError, arguments::Variables, handler::ResourceHandler};

/// Gets the MIME type that is declared when it runs.
type Read = dyn Fn(Context, Variables, Option<String>) -> BoxFuture<'static, Result<ReadResourceResult, HandlerError>>
    + Send
    + Sync;

/// Where a resource is: at one URI, or at all URIs that match a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A URI.
    Uri(String),
    /// An RFC 6570 URI template.
    Template(String),
}

impl Address {
    /// Whether this is the URI, or a template that matches it.
    pub fn leads_to(&self, uri: &str) -> bool {
        match self {
            Self::Uri(text) => text == uri,
            Self::Template(text) => {
                UriTemplate::parse(text).is_ok_and(|template| template.matches(uri).is_some())
            }
        }
    }

    /// The URI or template as text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Uri(text) | Self::Template(text) => text,
        }
    }
}

/// A resource or a resource template: a definition that clients see, and the handler behind it.
///
/// Most are made by `#[resource]`; this is the same without a macro.
///
/// # Example
/// ```
/// use toolwright_server::{Context, Resource};
///
/// let motd = Resource::new("notes://today").mime("text/plain").handler(|_: Context| async { "Be kind." });
/// assert_eq!(motd.key().to_string(), "resource `notes://today`");
/// assert_eq!(Resource::new("notes://{id}").key().to_string(), "template `notes://{id}`");
/// ```
#[derive(Clone)]
pub struct Resource {
    common: Common,
    address: Address,
    mime: Option<String>,
    size: Option<u64>,
    annotations: Option<Annotations>,
    read: Option<Arc<Read>>,
}

common_setters!(Resource);

impl Resource {
    /// A resource at `address`, which is a template if it holds `{`. Its name is the address until [`name`](Self::name) gives
    /// another.
    pub fn new(address: impl Into<String>) -> Self {
        let text = address.into();
        Self {
            common: Common { name: text.clone(), ..Common::default() },
            address: if text.contains('{') { Address::Template(text) } else { Address::Uri(text) },
            mime: None,
            size: None,
            annotations: None,
            read: None,
        }
    }

    /// Name for display.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.common.name = name.into();
        self
    }

    /// MIME type of what it holds.
    pub fn mime(mut self, mime: impl Into<String>) -> Self {
        self.mime = Some(mime.into());
        self
    }

    /// Size of the raw content in bytes.
    pub fn size(mut self, bytes: u64) -> Self {
        self.size = Some(bytes);
        self
    }

    /// Hints for whom and how important it is.
    pub fn annotations(mut self, annotations: Annotations) -> Self {
        self.annotations = Some(annotations);
        self
    }

    /// How long clients may keep what is read, instead of the server's hint ("Caching").
    ///
    /// Public is what everyone may share. Where what is read depends on the caller it is private all the same: with
    /// [`access`](Self::access) or [`scopes`](Self::scopes), if the handler extracts the caller or their request, and from live
    /// providers.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use toolwright_server::{Context, Resource, core::model::CacheHint};
    ///
    /// let minute = CacheHint::public(Duration::from_secs(60));
    /// let motd = Resource::new("notes://today").cache(minute).handler(|_: Context| async { "Be kind." });
    /// assert_eq!(motd.common().cache, Some(minute));
    /// ```
    pub fn cache(mut self, hint: CacheHint) -> Self {
        self.common.cache = Some(hint);
        self
    }

    /// Runs `handler`, whose parameters are extractors and the template's variables.
    pub fn handler<M, H: ResourceHandler<M>>(self, handler: H) -> Self {
        handler.attach(self)
    }

    /// The lowest layer: `read` gets the context and the template's variables and answers with a complete result.
    pub fn raw_handler<F, R>(mut self, read: F) -> Self
    where
        F: Fn(Context, Variables) -> R + Send + Sync + 'static,
        R: Future<Output = Result<ReadResourceResult, HandlerError>> + Send + 'static,
    {
        self.read = Some(Arc::new(move |context, variables, _| Box::pin(read(context, variables))));
        self
    }

    /// [`raw_handler`](Self::raw_handler) with the MIME type that is declared by then, wherever in the chain of setters that was.
    pub(crate) fn mime_handler<F, R>(mut self, read: F) -> Self
    where
        F: Fn(Context, Variables, Option<String>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<ReadResourceResult, HandlerError>> + Send + 'static,
    {
        self.read = Some(Arc::new(move |context, variables, mime| Box::pin(read(context, variables, mime))));
        self
    }

    /// Its identity: kind, URI or template, version.
    pub fn key(&self) -> ComponentKey {
        let kind = match self.address {
            Address::Uri(_) => Kind::Resource,
            Address::Template(_) => Kind::Template,
        };
        let mut key = ComponentKey::new(kind, self.address.as_str());
        key.version.clone_from(&self.common.version);
        key
    }

    /// Where it is.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// MIME type of what it holds.
    pub fn mime_type(&self) -> Option<&str> {
        self.mime.as_deref()
    }

    /// Size of the raw content in bytes.
    pub fn byte_size(&self) -> Option<u64> {
        self.size
    }

    /// Its hints.
    pub fn hints(&self) -> Option<&Annotations> {
        self.annotations.as_ref()
    }

    /// The definition of a resource as clients see it, before an era shapes it.
    pub fn definition(&self) -> model::Resource {
        let common = &self.common;
        let mut resource = model::Resource::new(self.address.as_str(), &common.name);
        resource.title.clone_from(&common.title);
        resource.description.clone_from(&common.description);
        resource.mime_type.clone_from(&self.mime);
        resource.size = self.size;
        resource.annotations.clone_from(&self.annotations);
        resource.icons = (!common.icons.is_empty()).then(|| common.icons.clone());
        resource.meta = common.wire_meta();
        resource
    }

    /// The definition of a template as clients see it, before an era shapes it.
    pub fn template_definition(&self) -> model::ResourceTemplate {
        let common = &self.common;
        let mut template = model::ResourceTemplate::new(self.address.as_str(), &common.name);
        template.title.clone_from(&common.title);
        template.description.clone_from(&common.description);
        template.mime_type.clone_from(&self.mime);
        template.annotations.clone_from(&self.annotations);
        template.icons = (!common.icons.is_empty()).then(|| common.icons.clone());
        template.meta = common.wire_meta();
        template
    }

    pub(crate) fn has_handler(&self) -> bool {
        self.read.is_some()
    }

    pub(crate) fn move_to(&mut self, address: String) {
        self.address = match self.address {
            Address::Uri(_) => Address::Uri(address),
            Address::Template(_) => Address::Template(address),
        };
    }

    pub(crate) fn read(
        &self,
        context: Context,
        variables: Variables,
    ) -> Option<BoxFuture<'static, Result<ReadResourceResult, HandlerError>>> {
        self.read.as_ref().map(|read| read(context, variables, self.mime.clone()))
    }
}

impl fmt::Debug for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resource")
            .field("address", &self.address)
            .field("version", &self.common.version)
            .finish_non_exhaustive()
    }
}
