use serde_json::json;
use toolwright::{
    auth::client::{ClientRegistration, EncryptedFile, OAuth, SigningKey, StoreKey},
    client::{Client, EraChoice, Http},
};

use crate::{Done, Provider, server::Notes, user::User};

/// Whom the server takes a client for.
async fn who(
    notes: &Notes,
    oauth: &OAuth,
    era: EraChoice,
) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let client = Client::builder().era(era).connect(Http::new(&notes.url).auth(oauth.clone())).await?;
    let answer = client.call("who", json!({})).await?;
    client.close().await;
    Ok(answer.text())
}

fn expect<T: PartialEq + std::fmt::Debug>(found: T, expected: T, what: &str) -> Done {
    if found == expected { Ok(()) } else { Err(format!("{what}: {found:?} instead of {expected:?}").into()) }
}

/// Discovery, registration, the code grant with PKCE and a resource, and calls with the token.
pub(crate) async fn sign_in(provider: &Provider) -> Done {
    let notes = Notes::serve(&provider.issuer).await?;
    for era in [EraChoice::Modern, EraChoice::Legacy] {
        let user = User::default();
        let oauth = OAuth::builder(&notes.url).client_name("Notes").user_agent(user.clone()).build()?;
        expect(who(&notes, &oauth, era).await?.as_str(), "ada", "subject")?;
        expect(who(&notes, &oauth, era).await?.as_str(), "ada", "subject")?;
        expect(user.was_asked(), 1, "sign-ins")?;
    }
    Ok(())
}

/// A token that the server takes no more is refreshed, again and again, and by the next run of the program.
pub(crate) async fn refresh(provider: &Provider) -> Done {
    let notes = Notes::serve(&provider.issuer).await?;
    let folder = tempfile::tempdir()?;
    let (file, key, user) = (folder.path().join("tokens"), StoreKey::random(), User::default());
    for _ in 0..2 {
        let store = EncryptedFile::new(&file, key.clone());
        let oauth = OAuth::builder(&notes.url).user_agent(user.clone()).store(store).build()?;
        for _ in 0..3 {
            expect(who(&notes, &oauth, EraChoice::Modern).await?.as_str(), "ada", "subject")?;
            notes.revoke();
        }
    }
    expect(user.was_asked(), 1, "sign-ins")
}

/// Clients that act for themselves, in each way to show who they are.
pub(crate) async fn client_credentials(provider: &Provider) -> Done {
    let notes = Notes::serve(&provider.issuer).await?;
    let key =
        SigningKey::from_pem(&provider.of_client("signer", "key"))?.id(provider.of_client("signer", "id"));
    let user = User::default();
    for (name, client) in [
        ("robot", ClientRegistration::new("robot").secret(provider.of_client("robot", "secret"))),
        ("poster", ClientRegistration::new("poster").secret_post(provider.of_client("poster", "secret"))),
        ("signer", ClientRegistration::new("signer").private_key(key)),
    ] {
        let client = client.issuer(&provider.issuer);
        let oauth = OAuth::builder(&notes.url)
            .client(client)
            .client_credentials()
            .user_agent(user.clone())
            .build()?;
        expect(who(&notes, &oauth, EraChoice::Modern).await?.as_str(), name, "subject")?;
        notes.revoke();
        expect(who(&notes, &oauth, EraChoice::Modern).await?.as_str(), name, "subject")?;
    }
    expect(user.was_asked(), 0, "sign-ins")
}
