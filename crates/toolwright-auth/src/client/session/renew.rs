use std::sync::Arc;

use super::{
    super::{
        OAuthError, RedirectError,
        challenge::Demand,
        discovery::{Discovery, discover, select_scopes},
        grant::Grant,
        jose::DpopKey,
        scope::Scopes,
    },
    code,
    current::{Current, Kept, Source},
    flight::Need,
    shared::Shared,
    silent,
};

/// Gets a token that fits `need`.
pub(super) async fn renew(shared: &Shared, need: &Need) -> Result<(), OAuthError> {
    match need {
        Need::Fresh(token) => {
            if shared.adopt(Some(token)).await? {
                return Ok(());
            }
            match shared.current() {
                Some(current) => freshen(shared, &current).await,
                None => Ok(()),
            }
        }
        Need::Token(refused, demand) => {
            if shared.adopt(refused.as_ref()).await? {
                return Ok(());
            }
            replace(shared, demand).await
        }
        Need::Scope(refused, demand) => match shared.current() {
            Some(current) if current.is(refused) => step_up(shared, &current, demand).await,
            _ => replace(shared, demand).await,
        },
    }
}

/// Before a token expires: without asking anybody.
async fn freshen(shared: &Shared, current: &Current) -> Result<(), OAuthError> {
    if current.kept.tokens.refresh.is_some() {
        let outcome = refresh(shared, current, &current.kept.server).await;
        if let Err(OAuthError::TokenRefused { .. }) = &outcome {
            // Not again before each request until the server refuses the old token.
            shared.take(current.without_refresh()).await?;
        }
        return outcome;
    }
    let found = Discovery {
        server: current.kept.server.clone(),
        resource: current.kept.resource.clone(),
        scopes: None,
    };
    obtain(shared, found, current.kept.asked.clone(), current.key.clone()).await
}

/// After a refusal: from the beginning, as the authorization server may be another one now.
async fn replace(shared: &Shared, demand: &Demand) -> Result<(), OAuthError> {
    let settings = &shared.settings;
    let current = shared.current();
    if let Some(current) = &current
        && current.is_untried(Source::Grant)
    {
        shared.forget().await?;
        return Err(OAuthError::FreshTokenRefused {
            server: settings.server_url.to_string(),
            issuer: current.issuer().to_owned(),
        });
    }
    let known = current.as_ref().map(|current| current.issuer());
    let found = discover(&shared.network, &settings.server_url, demand, known).await?;
    let same = current.as_ref().filter(|current| current.issuer() == found.server.issuer);
    if current.is_some() && same.is_none() {
        shared.forget().await?;
    }
    let asked = same.map(|current| current.kept.asked.clone()).unwrap_or_default().union(&settings.scopes);
    let scopes = select_scopes(demand, &found, &asked);
    if let Some(current) = same
        && current.kept.tokens.refresh.is_some()
        && !current.is_untried(Source::Refresh)
        && current.kept.asked.includes(&scopes)
        && current.kept.resource == found.resource
    {
        match refresh(shared, current, &found.server).await {
            // The refresh token is of no use any more.
            Err(OAuthError::TokenRefused { .. }) => {}
            outcome => return outcome,
        }
    }
    obtain(shared, found, scopes, same.and_then(|current| current.key.clone())).await
}

/// For a request that needs more: what was asked for before and what is demanded now ("Step-Up Authorization Flow").
async fn step_up(shared: &Shared, current: &Current, demand: &Demand) -> Result<(), OAuthError> {
    let demanded = demand.scope.clone().unwrap_or_default();
    let union = current.kept.asked.clone().union(&demanded);
    // What was granted long ago may be granted otherwise today; what was asked for just now will not be.
    let in_vain = !current.is_stored() && current.kept.asked.includes(&demanded);
    if in_vain || demanded.is_empty() || shared.is_denied(&union) {
        return Err(OAuthError::InsufficientScope {
            server: shared.settings.server_url.to_string(),
            scope: demanded.to_string(),
        });
    }
    let found =
        discover(&shared.network, &shared.settings.server_url, demand, Some(current.issuer())).await?;
    let same = current.issuer() == found.server.issuer;
    let scopes = if same { union } else { demanded.union(&shared.settings.scopes) };
    let outcome = obtain(shared, found, scopes.clone(), current.key.clone().filter(|_| same)).await;
    if let Err(OAuthError::Redirect(RedirectError::Refused(_)) | OAuthError::TokenRefused { .. }) = &outcome {
        shared.deny(&scopes);
    }
    outcome
}

async fn refresh(
    shared: &Shared,
    current: &Current,
    server: &super::super::discovery::AuthorizationServer,
) -> Result<(), OAuthError> {
    let Kept { resource, tokens, client_id, .. } = &current.kept;
    let _lock = shared.lock().await?;
    if shared.adopt(Some(&tokens.access)).await? {
        // Another process used the refresh token while this one waited.
        return Ok(());
    }
    let token = tokens.refresh.as_ref().ok_or(OAuthError::Interrupted)?;
    let client = code::client_of(shared, &server.issuer, client_id.as_deref()).await?;
    let form =
        [("grant_type", "refresh_token"), ("refresh_token", token.expose()), ("resource", &**resource)];
    let endpoint = shared.endpoint(server, client.as_ref(), current.key.as_deref());
    let mut renewed = endpoint.tokens(&form).await?;
    // One that is not rotated stays good.
    renewed.refresh = renewed.refresh.or_else(|| tokens.refresh.clone());
    let kept = Kept { tokens: renewed, server: server.clone(), ..current.kept.clone() };
    shared.take(Current::new(kept, current.key.clone(), Source::Refresh)).await
}

async fn obtain(
    shared: &Shared,
    found: Discovery,
    scopes: Scopes,
    key: Option<Arc<DpopKey>>,
) -> Result<(), OAuthError> {
    let key = if shared.settings.dpop {
        found.server.check_dpop()?;
        Some(key.unwrap_or_else(|| Arc::new(DpopKey::generate())))
    } else {
        None
    };
    let (tokens, client_id) = match &shared.settings.grant {
        Grant::Code => code::grant(shared, &found, &scopes, key.as_deref()).await?,
        Grant::ClientCredentials => {
            silent::client_credentials(shared, &found, &scopes, key.as_deref()).await?
        }
        Grant::Enterprise(provider) => {
            silent::enterprise(shared, provider, &found, &scopes, key.as_deref()).await?
        }
        Grant::Workload(assertions) => {
            silent::workload(shared, assertions, &found, &scopes, key.as_deref()).await?
        }
    };
    let Discovery { server, resource, .. } = found;
    let kept = Kept { server, resource, client_id, asked: scopes, tokens, dpop: None };
    shared.take(Current::new(kept, key, Source::Grant)).await
}
