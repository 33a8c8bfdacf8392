use url::Url;

use super::{
    super::{OAuthError, challenge::Demand, net::Network, scope::Scopes},
    metadata::AuthorizationServer,
    resource, server,
};

/// Where to get a token, and what for.
#[derive(Debug)]
pub(in super::super) struct Discovery {
    pub(in super::super) server: AuthorizationServer,
    /// The resource indicator, exactly as the metadata has it (RFC 8707, "Resource Parameter").
    pub(in super::super) resource: String,
    /// The scopes of the resource, if it lists them.
    pub(in super::super) scopes: Option<Scopes>,
}

/// Finds out where a token for `server_url` is to be had. Of several authorization servers the one in `known` is preferred,
/// then the first whose metadata is good (RFC 9728, "Authorization Servers").
pub(in super::super) async fn discover(
    network: &Network,
    server_url: &Url,
    demand: &Demand,
    known: Option<&str>,
) -> Result<Discovery, OAuthError> {
    let named = demand.resource_metadata.as_deref();
    let Some(metadata) = resource::find(network, server_url, named).await? else {
        let server = server::legacy(network, server_url).await?;
        let mut resource = server_url.clone();
        resource.set_fragment(None);
        return Ok(Discovery { server, resource: resource.into(), scopes: None });
    };
    let mut failure = OAuthError::NoAuthorizationServer { server: server_url.to_string() };
    let (preferred, others): (Vec<_>, Vec<_>) =
        metadata.authorization_servers.iter().partition(|issuer| Some(issuer.as_str()) == known);
    for issuer in preferred.into_iter().chain(others) {
        match server::fetch(network, issuer).await {
            Ok(server) => {
                let scopes = metadata.scopes();
                return Ok(Discovery { server, resource: metadata.resource, scopes });
            }
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// The scopes to ask for ("Scope Selection Strategy"): those of the challenge, else all of the resource, else none; and those that
/// were asked for already, so that nothing is lost ("Step-Up Authorization Flow").
pub(in super::super) fn select_scopes(demand: &Demand, found: &Discovery, asked: &Scopes) -> Scopes {
    let wanted = demand.scope.as_ref().or(found.scopes.as_ref()).cloned().unwrap_or_default();
    asked.clone().union(&wanted)
}
