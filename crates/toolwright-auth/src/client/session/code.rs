use super::{
    super::{
        OAuthError, UserAgentError,
        code::{AuthorizationRequest, OFFLINE, Parameters, Pkce},
        discovery::{AuthorizationServer, Discovery},
        jose::DpopKey,
        registration::{Applicant, Registration, register},
        scope::Scopes,
        token::{ClientIdentity, Tokens},
    },
    shared::Shared,
};

/// Registrations that authorization servers gave, by issuer.
const CLIENT: &str = "client";
/// The first authorization server that a client was shown to, by server and client.
const BOUND: &str = "issuer";

/// Lets the user sign in (RFC 6749, "Authorization Code Grant").
pub(super) async fn grant(
    shared: &Shared,
    found: &Discovery,
    scopes: &Scopes,
    dpop: Option<&DpopKey>,
) -> Result<(Tokens, Option<String>), OAuthError> {
    let Discovery { server, resource, .. } = found;
    // Before anything is registered that could not be used.
    server.check_pkce()?;
    let mut scopes = scopes.clone();
    if !scopes.is_empty() && server.lists_scope(OFFLINE) {
        scopes.add(OFFLINE);
    }
    let kept: Option<Registration> = shared.entries.load(CLIENT, &server.issuer).await?;
    let before = kept.as_ref().and_then(|kept| kept.redirect_uris.as_ref()?.first()).map(String::as_str);
    let visit = shared.user_agent.prepare(before).await?;
    let redirect_uri = visit.redirect_uri().to_owned();
    let client = match known_client(shared, server).await? {
        Some(client) => client,
        None => registered(shared, server, kept.as_ref(), &redirect_uri).await?,
    };
    let pkce = Pkce::new();
    let parameters = Parameters {
        client_id: &client.id,
        redirect_uri: &redirect_uri,
        scopes: &scopes,
        resource,
        pkce: &pkce,
        dpop: dpop.map(DpopKey::thumbprint),
        server_url: shared.settings.server_url.as_str(),
    };
    let request = AuthorizationRequest::new(&shared.network, server, &parameters)?;
    let mut leaving = shared.leaving.subscribe();
    let came_back = tokio::select! {
        came_back = visit.authorize_boxed(&request) => came_back,
        _ = leaving.wait_for(|waiting| *waiting > 0) => return Err(OAuthError::Interrupted),
    };
    if let Err(UserAgentError::TimedOut) = came_back {
        // An authorization server that forgot the client shows the user an error, and sends nobody back.
        shared.entries.remove(CLIENT, &server.issuer).await?;
    }
    let code = request.code(&came_back?)?;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.expose()),
        ("redirect_uri", &*redirect_uri),
        ("code_verifier", pkce.verifier.expose()),
        ("resource", &**resource),
    ];
    match shared.endpoint(server, Some(&client), dpop).tokens(&form).await {
        Ok(tokens) => Ok((tokens, Some(client.id))),
        Err(error) => {
            if matches!(&error, OAuthError::TokenRefused { error, .. } if error.code() == "invalid_client") {
                shared.entries.remove(CLIENT, &server.issuer).await?;
            }
            Err(error)
        }
    }
}

/// The client that needs no registration here: the one that was registered beforehand, or the one that is a URL.
pub(super) async fn known_client(
    shared: &Shared,
    server: &AuthorizationServer,
) -> Result<Option<ClientIdentity>, OAuthError> {
    let settings = &shared.settings;
    if let Some(client) = &settings.client {
        let owner = format!("{} {}", settings.server_url, client.id);
        let bound = match &client.issuer {
            Some(issuer) => Some(issuer.clone()),
            None => shared.entries.load::<String>(BOUND, &owner).await?,
        };
        return match bound {
            Some(bound) if bound != server.issuer => Err(OAuthError::ForeignIssuer {
                client: client.id.clone(),
                registered: bound,
                found: server.issuer.clone(),
            }),
            bound => {
                if bound.is_none() {
                    shared.entries.save(BOUND, &owner, &server.issuer).await?;
                }
                Ok(Some(client.into()))
            }
        };
    }
    match &settings.metadata_url {
        Some(url) if server.client_id_metadata_document_supported == Some(true) => {
            Ok(Some((&Registration::known(url)).into()))
        }
        _ => Ok(None),
    }
}

/// The client as `issuer` registered it, for tokens that it got before.
pub(super) async fn client_of(
    shared: &Shared,
    issuer: &str,
    client_id: Option<&str>,
) -> Result<Option<ClientIdentity>, OAuthError> {
    let Some(client_id) = client_id else { return Ok(None) };
    if let Some(client) = shared.settings.client.as_ref().filter(|client| client.id == client_id) {
        return Ok(Some(client.into()));
    }
    let kept: Option<Registration> = shared.entries.load(CLIENT, issuer).await?;
    let kept =
        kept.filter(|kept| kept.client_id == client_id).unwrap_or_else(|| Registration::known(client_id));
    Ok(Some((&kept).into()))
}

async fn registered(
    shared: &Shared,
    server: &AuthorizationServer,
    kept: Option<&Registration>,
    redirect_uri: &str,
) -> Result<ClientIdentity, OAuthError> {
    if let Some(kept) = kept.filter(|kept| kept.serves(redirect_uri)) {
        return Ok(kept.into());
    }
    let applicant =
        Applicant { name: &shared.settings.client_name, redirect_uri, dpop: shared.settings.dpop };
    let registration = register(&shared.network, server, &applicant).await?;
    shared.entries.save(CLIENT, &server.issuer, &registration).await?;
    Ok((&registration).into())
}
