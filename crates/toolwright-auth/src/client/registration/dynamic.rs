use serde_json::json;

use super::{
    super::{ErrorResponse, OAuthError, discovery::AuthorizationServer, net::Network, token},
    registration::Registration,
};

const WHAT: &str = "registration endpoint";

/// What a client tells of itself when it registers.
#[derive(Debug)]
pub(in super::super) struct Applicant<'a> {
    pub(in super::super) name: &'a str,
    pub(in super::super) redirect_uri: &'a str,
    pub(in super::super) dpop: bool,
}

/// Registers dynamically (RFC 7591, "Client Registration Request").
pub(in super::super) async fn register(
    network: &Network,
    server: &AuthorizationServer,
    applicant: &Applicant<'_>,
) -> Result<Registration, OAuthError> {
    let Some(endpoint) = &server.registration_endpoint else {
        return Err(OAuthError::NoRegistration { issuer: server.issuer.clone() });
    };
    // Scopes are not named, as a later request may need more of them. A program on the user's machine keeps no secret; one that it is given all the same protects a little.
    let method =
        ["none", "client_secret_basic", "client_secret_post"].into_iter().find(|name| server.takes(name));
    let mut body = json!({
        "client_name": applicant.name,
        "redirect_uris": [applicant.redirect_uri],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "application_type": application_type(applicant.redirect_uri),
    });
    if let Some(method) = method {
        body["token_endpoint_auth_method"] = method.into();
    }
    if applicant.dpop {
        body["dpop_bound_access_tokens"] = true.into();
    }
    let reply = network.post_json(WHAT, endpoint, body.to_string().into_bytes()).await?;
    if !reply.status.is_success() {
        return Err(OAuthError::RegistrationRefused {
            issuer: server.issuer.clone(),
            redirect_uri: applicant.redirect_uri.to_owned(),
            error: token::refusal(&reply)
                .unwrap_or_else(|| ErrorResponse::new(&format!("status {}", reply.status.as_u16()), None)),
        });
    }
    let mut registration: Registration = reply.json(WHAT, endpoint)?;
    // It was registered for this one, whatever else the server may have added.
    registration.redirect_uris = Some(vec![applicant.redirect_uri.to_owned()]);
    Ok(registration)
}

/// A redirect URI on this machine is that of a native application (OpenID Connect Dynamic Client Registration, "Client Metadata").
fn application_type(redirect_uri: &str) -> &'static str {
    if redirect_uri.starts_with("https:") { "web" } else { "native" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loopback_redirect_is_native_and_https_is_of_the_web() {
        assert_eq!(application_type("http://127.0.0.1:1/callback"), "native");
        assert_eq!(application_type("https://app.example.com/callback"), "web");
    }
}
