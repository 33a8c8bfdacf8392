use super::{
    super::{
        OAuthError, Secret,
        discovery::Discovery,
        grant::{Assertions, IdentityProvider, JWT_BEARER},
        jose::DpopKey,
        scope::Scopes,
        token::{ClientIdentity, Tokens},
    },
    code,
    shared::Shared,
};

const ID_JAG: &str = "urn:ietf:params:oauth:grant-profile:id-jag";

type Granted = Result<(Tokens, Option<String>), OAuthError>;

/// The client's own authorization (RFC 6749, "Client Credentials Grant"; "OAuth Client Credentials").
pub(super) async fn client_credentials(
    shared: &Shared,
    found: &Discovery,
    scopes: &Scopes,
    dpop: Option<&DpopKey>,
) -> Granted {
    let client = registered(shared, found).await?;
    let form = vec![("grant_type", "client_credentials")];
    ask(shared, found, Some(client), scopes, form, dpop).await
}

/// A grant of the user's enterprise ("Enterprise-Managed Authorization").
pub(super) async fn enterprise(
    shared: &Shared,
    provider: &IdentityProvider,
    found: &Discovery,
    scopes: &Scopes,
    dpop: Option<&DpopKey>,
) -> Granted {
    let what = "grants of identity providers (ID-JAG)";
    found.server.check_grant(JWT_BEARER, what)?;
    found.server.check_profile(ID_JAG, what)?;
    let client = registered(shared, found).await?;
    let (audience, resource) = (&*found.server.issuer, &*found.resource);
    let grant = provider.grant(&shared.network, &shared.nonces, audience, resource, scopes).await?;
    let form = vec![("grant_type", JWT_BEARER), ("assertion", grant.expose())];
    ask(shared, found, Some(client), scopes, form, dpop).await
}

/// A statement of the platform about this workload ("Workload Identity Federation"). One that was refused is not shown again.
pub(super) async fn workload(
    shared: &Shared,
    assertions: &Assertions,
    found: &Discovery,
    scopes: &Scopes,
    dpop: Option<&DpopKey>,
) -> Granted {
    found.server.check_grant(JWT_BEARER, "assertions of workloads (JWT bearer)")?;
    let assertion: Secret = assertions.next().await?;
    if let Some(error) = shared.refusal_of(&assertion) {
        return Err(error);
    }
    let form = vec![("grant_type", JWT_BEARER), ("assertion", assertion.expose())];
    let granted = ask(shared, found, None, scopes, form, dpop).await;
    if let Err(error @ OAuthError::TokenRefused { .. }) = &granted {
        shared.refuse(assertion.clone(), error.clone());
    }
    granted
}

async fn registered(shared: &Shared, found: &Discovery) -> Result<ClientIdentity, OAuthError> {
    let issuer = &found.server.issuer;
    match code::known_client(shared, &found.server).await? {
        Some(client) => Ok(client),
        None => Err(OAuthError::NoRegistration { issuer: issuer.clone() }),
    }
}

async fn ask(
    shared: &Shared,
    found: &Discovery,
    client: Option<ClientIdentity>,
    scopes: &Scopes,
    mut form: Vec<(&str, &str)>,
    dpop: Option<&DpopKey>,
) -> Granted {
    let scope = scopes.to_string();
    form.push(("resource", &found.resource));
    if !scopes.is_empty() {
        form.push(("scope", &scope));
    }
    let tokens = shared.endpoint(&found.server, client.as_ref(), dpop).tokens(&form).await?;
    Ok((tokens, client.map(|client| client.id)))
}
