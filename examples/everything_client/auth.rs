//! The scenarios with an authorization server. Nobody is there to sign in: redirects are followed at once.
use std::error::Error;

use serde_json::json;
use toolwright::{
    auth::client::{ClientRegistration, FollowRedirect, IdentityProvider, OAuth, OAuthError, SigningKey},
    prelude::*,
};

use crate::{Done, Task};

/// What the suite knows this application by where documents are supported.
const DOCUMENT: &str = "https://conformance-test.local/client-metadata.json";

/// Signs in, lists the tools, and calls the one there is.
pub(crate) async fn sign_in(task: &Task) -> Done {
    match (use_server(task).await, expected_end(&task.scenario)) {
        (Ok(()), None) => Ok(()),
        (Ok(()), Some(_)) => Err("the client was let in where it should have turned back".into()),
        (Err(error), Some(expected)) if cause(&*error).is_some_and(expected) => Ok(()),
        (Err(error), _) => Err(error),
    }
}

async fn use_server(task: &Task) -> Done {
    let client = task.client().connect(task.server().auth(oauth(task)?)).await?;
    client.tools().await?;
    client.call("test-tool", json!({})).await?;
    client.close().await;
    Ok(())
}

fn oauth(task: &Task) -> Result<OAuth, Box<dyn Error + Send + Sync>> {
    let given = |name: &str| task.context[name].as_str().unwrap_or_default().to_owned();
    let client = || ClientRegistration::new(given("client_id"));
    let oauth = OAuth::builder(&task.url).user_agent(FollowRedirect::default());
    let oauth = match task.scenario.as_str() {
        "auth/basic-cimd" => oauth.client_metadata_url(DOCUMENT),
        "auth/pre-registration" => oauth.client(client().secret(given("client_secret"))),
        "auth/client-credentials-basic" => {
            oauth.client(client().secret(given("client_secret"))).client_credentials()
        }
        "auth/client-credentials-jwt" => {
            let key = SigningKey::from_pem(&given("private_key_pem"))?;
            oauth.client(client().private_key(key)).client_credentials()
        }
        // The second is what older versions of the suite call it.
        "auth/enterprise-managed-authorization" | "auth/cross-app-access-complete-flow" => {
            let id_token = given("idp_id_token");
            let user = move || std::future::ready(Ok::<_, OAuthError>(id_token.clone()));
            let at_provider = ClientRegistration::new(given("idp_client_id"));
            let provider = IdentityProvider::new(given("idp_issuer"), at_provider, user);
            oauth.client(client().secret(given("client_secret"))).enterprise(provider)
        }
        "auth/wif-jwt-bearer" => {
            let statement = given("valid_jwt");
            oauth.workload(move || std::future::ready(Ok::<_, OAuthError>(statement.clone())))
        }
        "auth/dpop" | "auth/dpop-nonce" => oauth.dpop(),
        _ => oauth,
    };
    Ok(oauth.build()?)
}

/// What a scenario ends with that must not succeed.
fn expected_end(scenario: &str) -> Option<fn(&OAuthError) -> bool> {
    Some(match scenario {
        "auth/scope-retry-limit" => |error| matches!(error, OAuthError::InsufficientScope { .. }),
        "auth/resource-mismatch" => |error| matches!(error, OAuthError::ResourceMismatch { .. }),
        "auth/metadata-issuer-mismatch" => |error| matches!(error, OAuthError::IssuerMismatch { .. }),
        "auth/iss-supported-missing"
        | "auth/iss-wrong-issuer"
        | "auth/iss-unexpected"
        | "auth/iss-normalized" => |error| matches!(error, OAuthError::Redirect(_)),
        _ => return None,
    })
}

/// The authorization's own error behind what the client says.
fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a OAuthError> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}
