use http::HeaderMap;
use url::Url;

use super::{
    super::{
        OAuthError,
        net::{Network, absent},
    },
    metadata::AuthorizationServer,
    well_known,
};

const WHAT: &str = "metadata of the authorization server";

/// Fetches the metadata of the authorization server `issuer`.
pub(in super::super) async fn fetch(
    network: &Network,
    issuer: &str,
) -> Result<AuthorizationServer, OAuthError> {
    let address = network.check("authorization server", issuer)?;
    if address.url().query().is_some() || address.url().fragment().is_some() {
        let reason = "an issuer has neither query nor fragment";
        return Err(OAuthError::Address { what: "authorization server", url: issuer.to_owned(), reason });
    }
    let places = well_known::of_server(address.url());
    match at(network, issuer, &places, HeaderMap::new(), |found| found == issuer).await? {
        Some(metadata) => Ok(metadata),
        None => Err(OAuthError::NoMetadata { issuer: issuer.to_owned() }),
    }
}

/// Metadata at the origin of a server of 2025-03-26, which is its own authorization server ("Server Metadata Discovery" there).
pub(super) async fn legacy(network: &Network, server: &Url) -> Result<AuthorizationServer, OAuthError> {
    let origin = super::super::net::origin(server);
    let place = well_known::of_server(&origin.parse().expect("an origin is a URL")).swap_remove(0);
    let mut headers = HeaderMap::new();
    let revision = toolwright_core::era::Revision::V2025_03_26.as_str();
    headers.insert("mcp-protocol-version", http::HeaderValue::from_static(revision));
    // Nobody named an issuer; whoever serves the origin may name any there, and none elsewhere.
    let own = |issuer: &str| Url::parse(issuer).is_ok_and(|issuer| issuer.origin() == server.origin());
    let found = at(network, &origin, &[place], headers, own).await?;
    Ok(found.unwrap_or_else(|| AuthorizationServer::fallback(&origin)))
}

async fn at(
    network: &Network,
    issuer: &str,
    places: &[String],
    headers: HeaderMap,
    is_right: impl Fn(&str) -> bool,
) -> Result<Option<AuthorizationServer>, OAuthError> {
    let mut discarded = None;
    for url in places {
        let reply = network.get(WHAT, url, headers.clone()).await?;
        if !reply.status.is_success() {
            if absent(reply.status) {
                continue;
            }
            let reason = format!("status {}", reply.status.as_u16());
            return Err(OAuthError::Malformed { what: WHAT, url: url.clone(), reason });
        }
        match reply.json::<AuthorizationServer>(WHAT, url) {
            Ok(metadata) if is_right(&metadata.issuer) => return Ok(Some(metadata)),
            Ok(AuthorizationServer { issuer: found, .. }) => {
                discarded = Some(OAuthError::IssuerMismatch {
                    expected: issuer.to_owned(),
                    found: super::super::error::plain(&found, 300),
                });
            }
            Err(error) if reply.is_json() => discarded = Some(error),
            // A site that answers every path with a page has no metadata here.
            Err(_) => {}
        }
    }
    discarded.map_or(Ok(None), Err)
}
