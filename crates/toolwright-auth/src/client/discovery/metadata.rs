use serde::{Deserialize, Serialize};

use super::super::OAuthError;

/// What is read of an authorization server's metadata (RFC 8414, "Authorization Server Metadata").
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(in super::super) struct AuthorizationServer {
    pub(in super::super) issuer: String,
    pub(in super::super) authorization_endpoint: Option<String>,
    pub(in super::super) token_endpoint: Option<String>,
    pub(in super::super) registration_endpoint: Option<String>,
    pub(in super::super) revocation_endpoint: Option<String>,
    pub(in super::super) scopes_supported: Option<Vec<String>>,
    pub(in super::super) grant_types_supported: Option<Vec<String>>,
    pub(in super::super) authorization_grant_profiles_supported: Option<Vec<String>>,
    pub(in super::super) token_endpoint_auth_methods_supported: Option<Vec<String>>,
    pub(in super::super) code_challenge_methods_supported: Option<Vec<String>>,
    pub(in super::super) dpop_signing_alg_values_supported: Option<Vec<String>>,
    pub(in super::super) authorization_response_iss_parameter_supported: Option<bool>,
    pub(in super::super) client_id_metadata_document_supported: Option<bool>,
}

impl AuthorizationServer {
    /// What a server of 2025-03-26 is taken to be that has no metadata ("Fallbacks for Servers without Metadata Discovery").
    pub(super) fn fallback(origin: &str) -> Self {
        let at = |path: &str| Some(format!("{origin}{path}"));
        Self {
            issuer: origin.to_owned(),
            authorization_endpoint: at("/authorize"),
            token_endpoint: at("/token"),
            registration_endpoint: at("/register"),
            // That revision requires PKCE of everybody.
            code_challenge_methods_supported: Some(vec!["S256".to_owned()]),
            ..Self::default()
        }
    }

    /// A server of which nothing but its token endpoint matters.
    pub(in super::super) fn of_endpoint(issuer: &str, token_endpoint: &str) -> Self {
        Self { issuer: issuer.to_owned(), token_endpoint: Some(token_endpoint.to_owned()), ..Self::default() }
    }

    pub(in super::super) fn token_endpoint(&self) -> Result<&str, OAuthError> {
        self.token_endpoint.as_deref().ok_or_else(|| self.unsupported("a token endpoint"))
    }

    pub(in super::super) fn unsupported(&self, what: &'static str) -> OAuthError {
        OAuthError::Unsupported { issuer: self.issuer.clone(), what }
    }

    /// Whether the authorization server lists `scope`.
    pub(in super::super) fn lists_scope(&self, scope: &str) -> bool {
        lists(self.scopes_supported.as_ref(), scope)
    }

    /// Whether it lists `method` for the token endpoint; one that lists none takes `client_secret_basic`
    /// (RFC 8414, "Authorization Server Metadata").
    pub(in super::super) fn takes(&self, method: &str) -> bool {
        match &self.token_endpoint_auth_methods_supported {
            Some(methods) => methods.iter().any(|known| known == method),
            None => method == "client_secret_basic",
        }
    }

    /// # Errors
    /// When it does not say that it checks PKCE with S256.
    pub(in super::super) fn check_pkce(&self) -> Result<(), OAuthError> {
        if lists(self.code_challenge_methods_supported.as_ref(), "S256") {
            return Ok(());
        }
        Err(OAuthError::NoPkce { issuer: self.issuer.clone() })
    }

    /// # Errors
    /// When it lists grants, and not this one.
    pub(in super::super) fn check_grant(&self, grant: &str, what: &'static str) -> Result<(), OAuthError> {
        match &self.grant_types_supported {
            Some(grants) if !grants.iter().any(|known| known == grant) => Err(self.unsupported(what)),
            _ => Ok(()),
        }
    }

    /// # Errors
    /// When it lists profiles of grants, and not this one.
    pub(in super::super) fn check_profile(
        &self,
        profile: &str,
        what: &'static str,
    ) -> Result<(), OAuthError> {
        match &self.authorization_grant_profiles_supported {
            Some(profiles) if !profiles.iter().any(|known| known == profile) => Err(self.unsupported(what)),
            _ => Ok(()),
        }
    }

    /// # Errors
    /// When it does not say that it takes proofs of possession that are signed with ES256.
    pub(in super::super) fn check_dpop(&self) -> Result<(), OAuthError> {
        if lists(self.dpop_signing_alg_values_supported.as_ref(), "ES256") {
            return Ok(());
        }
        Err(self.unsupported("DPoP with ES256"))
    }
}

fn lists(list: Option<&Vec<String>>, wanted: &str) -> bool {
    list.is_some_and(|list| list.iter().any(|known| known == wanted))
}
