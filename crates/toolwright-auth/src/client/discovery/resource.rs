use serde::Deserialize;
use url::Url;

use super::{
    super::{
        OAuthError,
        net::{Network, absent},
        scope::Scopes,
    },
    well_known,
};

const WHAT: &str = "metadata of the protected resource";

/// Metadata of a protected resource (RFC 9728, "Protected Resource Metadata").
#[derive(Debug, Deserialize)]
pub(super) struct ProtectedResource {
    pub(super) resource: String,
    #[serde(default)]
    pub(super) authorization_servers: Vec<String>,
    pub(super) scopes_supported: Option<Vec<String>>,
}

impl ProtectedResource {
    pub(super) fn scopes(&self) -> Option<Scopes> {
        self.scopes_supported.as_ref().map(Scopes::from_iter)
    }
}

/// Finds the metadata: where the refusal says it is, else at the well-known places; `None` when there is none.
pub(super) async fn find(
    network: &Network,
    server: &Url,
    named: Option<&str>,
) -> Result<Option<ProtectedResource>, OAuthError> {
    let found = match named {
        Some(url) => {
            let reply = network.get(WHAT, url, Default::default()).await?;
            if !reply.status.is_success() {
                return Err(OAuthError::Malformed {
                    what: WHAT,
                    url: url.to_owned(),
                    reason: format!("status {}", reply.status.as_u16()),
                });
            }
            Some(reply.json::<ProtectedResource>(WHAT, url)?)
        }
        None => probe(network, server).await?,
    };
    match found {
        Some(metadata) if !covers(&metadata.resource, server) => Err(OAuthError::ResourceMismatch {
            server: server.to_string(),
            resource: super::super::error::plain(&metadata.resource, 300),
        }),
        found => Ok(found),
    }
}

async fn probe(network: &Network, server: &Url) -> Result<Option<ProtectedResource>, OAuthError> {
    for url in well_known::of_resource(server) {
        let reply = network.get(WHAT, &url, Default::default()).await?;
        if reply.status.is_success() {
            match reply.json(WHAT, &url) {
                Ok(metadata) => return Ok(Some(metadata)),
                Err(error) if reply.is_json() => return Err(error),
                // A site that answers every path with a page has no metadata.
                Err(_) => {}
            }
        } else if !absent(reply.status) {
            let reason = format!("status {}", reply.status.as_u16());
            return Err(OAuthError::Malformed { what: WHAT, url, reason });
        }
    }
    Ok(None)
}

/// Whether a token for `resource` is meant for `server`: the same URL, or one above it at the same origin.
fn covers(resource: &str, server: &Url) -> bool {
    let Ok(resource) = Url::parse(resource) else { return false };
    let (above, below) = (resource.path().trim_end_matches('/'), server.path().trim_end_matches('/'));
    let path = below.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let query = resource.query().is_none() || resource.query() == server.query();
    resource.origin() == server.origin() && resource.fragment().is_none() && path && query
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_covers_its_own_url_and_those_below_it() {
        let server: Url = "https://api.example.com/a/mcp".parse().unwrap();
        for (resource, fine) in [
            ("https://api.example.com/a/mcp", true),
            ("HTTPS://API.example.com/a/mcp", true),
            ("https://api.example.com:443/a/mcp/", true),
            ("https://api.example.com/a", true),
            ("https://api.example.com", true),
            ("https://api.example.com/", true),
            ("https://api.example.com/a/mc", false),
            ("https://api.example.com/a/mcp/b", false),
            ("https://api.example.com/A/mcp", false),
            ("https://api.example.com/b", false),
            ("https://api.example.com/a/mcp?tenant=1", false),
            ("https://api.example.com/a/mcp#part", false),
            ("https://api.example.com:8443/a/mcp", false),
            ("http://api.example.com/a/mcp", false),
            ("https://evil.example.com/a/mcp", false),
            ("https://api.example.com.evil.example/a/mcp", false),
            ("mcp", false),
        ] {
            assert_eq!(covers(resource, &server), fine, "{resource}");
        }
    }
}
