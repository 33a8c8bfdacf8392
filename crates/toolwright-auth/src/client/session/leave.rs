use std::sync::Arc;

use super::{
    super::OAuthError,
    code,
    current::{Current, Kept},
    shared::Shared,
};

/// Forgets the tokens, and has them taken back. It runs in a task of its own: half of it would leave tokens that nobody knows of.
pub(super) async fn leave(shared: &Arc<Shared>) -> Result<(), OAuthError> {
    let shared = Arc::clone(shared);
    let task = tokio::spawn(async move {
        // A user who is still busy with the sign-in is not waited for.
        let leaving = Leaving::announce(&shared);
        let _turn = shared.turn.lock().await;
        drop(leaving);
        shared.forget_refusals();
        let locked = shared.lock().await;
        // The ones in the store are the newest, if another process renewed them.
        let read = shared.adopt(None).await;
        let current = shared.current();
        let forgotten = shared.forget().await;
        let revoked = match current {
            Some(current) => revoke(&shared, &current).await,
            None => Ok(()),
        };
        locked.map(drop).and(read.map(drop)).and(forgotten).and(revoked)
    });
    task.await.unwrap_or(Err(OAuthError::Interrupted))
}

/// Tells a sign-in to end, until it is dropped.
struct Leaving<'a>(&'a Shared);

impl<'a> Leaving<'a> {
    fn announce(shared: &'a Shared) -> Self {
        shared.leaving.send_modify(|waiting| *waiting += 1);
        Self(shared)
    }
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.leaving.send_modify(|waiting| *waiting -= 1);
    }
}

/// Has the refresh token taken back, which ends the whole grant, and the access token, where it does not end with it.
async fn revoke(shared: &Shared, current: &Current) -> Result<(), OAuthError> {
    let Kept { server, tokens, client_id, .. } = &current.kept;
    let Some(client) = code::client_of(shared, &server.issuer, client_id.as_deref()).await? else {
        // Only a client can have tokens taken back, and a workload is none.
        return Ok(());
    };
    let endpoint = shared.endpoint(server, Some(&client), None);
    let refresh = match &tokens.refresh {
        Some(token) => endpoint.revoke(token, "refresh_token").await,
        None => Ok(()),
    };
    let access = match endpoint.revoke(&tokens.access, "access_token").await {
        // One that carries its own validity (RFC 7009, "Error Response"): it expires.
        Err(OAuthError::RevocationRefused { error, .. }) if error.code() == "unsupported_token_type" => {
            Ok(())
        }
        revoked => revoked,
    };
    refresh.and(access)
}
