use std::{collections::BTreeSet, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Who is asking: the subject of a verified token, with its scopes and claims. Cheap to clone.
///
/// Never built from what a client says about itself ("_meta": `clientInfo` is for display only).
///
/// # Example
/// ```
/// use toolwright_core::joint::Principal;
///
/// let ada = Principal::new("ada").scopes(["notes:read"]);
/// assert_eq!(ada.subject(), "ada");
/// assert!(ada.has_scope("notes:read") && !ada.has_scope("notes:write"));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Principal(Arc<Inner>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Inner {
    subject: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    scopes: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    claims: Map<String, Value>,
}

impl Principal {
    /// A principal without scopes or claims.
    pub fn new(subject: impl Into<String>) -> Self {
        Self(Arc::new(Inner {
            subject: subject.into(),
            issuer: None,
            client: None,
            scopes: BTreeSet::new(),
            claims: Map::new(),
        }))
    }

    /// Who vouches for the subject. Subjects are unique per issuer only.
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.0).issuer = Some(issuer.into());
        self
    }

    /// The OAuth client that acts for the subject.
    pub fn client(mut self, client: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.0).client = Some(client.into());
        self
    }

    /// What the token allows.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Arc::make_mut(&mut self.0).scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// One claim of the token.
    pub fn claim(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        Arc::make_mut(&mut self.0).claims.insert(name.into(), value.into());
        self
    }

    /// The subject.
    pub fn subject(&self) -> &str {
        &self.0.subject
    }

    /// Who vouches for the subject, if that is known.
    pub fn issued_by(&self) -> Option<&str> {
        self.0.issuer.as_deref()
    }

    /// The OAuth client that acts for the subject, if that is known.
    pub fn acting_client(&self) -> Option<&str> {
        self.0.client.as_deref()
    }

    /// Whether the token allows `scope`.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.0.scopes.contains(scope)
    }

    /// All scopes, sorted.
    pub fn granted(&self) -> impl Iterator<Item = &str> {
        self.0.scopes.iter().map(String::as_str)
    }

    /// All claims.
    pub fn claims(&self) -> &Map<String, Value> {
        &self.0.claims
    }
}
