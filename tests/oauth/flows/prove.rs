use reqwest::Method;
use toolwright::{
    auth::client::{ClientRegistration, EncryptedFile, OAuth, SigningKey, StoreKey},
    core::joint::{Answer, Attempt, Credentials},
};

use crate::{Done, Failure, Provider, expect::expect, user::User};

/// Requests to a resource server that wants a proof of possession with each, and nonces that last for two.
pub(crate) async fn prove(provider: &Provider) -> Done {
    let url = format!("{}/guarded", provider.issuer);
    let folder = tempfile::tempdir()?;
    let (file, key, user) = (folder.path().join("tokens"), StoreKey::random(), User::default());
    for _ in 0..2 {
        let store = EncryptedFile::new(&file, key.clone());
        let oauth = OAuth::builder(&url).user_agent(user.clone()).store(store).dpop().build()?;
        for _ in 0..2 {
            for _ in 0..5 {
                expect(request(&oauth, &url).await?.as_str(), r#"{"subject":"ada"}"#, "answer")?;
            }
            // The refresh token is bound to the key, too.
            provider.control("revoke-guarded").await?;
        }
    }
    expect(user.was_asked(), 1, "sign-ins")?;

    // Two signatures: that of the client, and that of the holder.
    let key = SigningKey::from_pem(&provider.of_client("signer", "key"))?;
    let client = ClientRegistration::new("signer").private_key(key).issuer(&provider.issuer);
    let oauth = OAuth::builder(&url).client(client).client_credentials().dpop().build()?;
    for _ in 0..3 {
        expect(request(&oauth, &url).await?.as_str(), r#"{"subject":"signer"}"#, "answer to a client")?;
    }
    Ok(())
}

/// One request as a transport sends it.
async fn request(oauth: &OAuth, url: &str) -> Result<String, Failure> {
    let http = reqwest::Client::new();
    let mut retries = 0;
    loop {
        let attempt = Attempt::new(Method::POST, url).retries(retries);
        let headers = oauth.authorize(&attempt).await?;
        let response = http.post(url).headers(headers.clone()).send().await?;
        let answer = Answer::new(response.status(), response.headers());
        if !oauth.answered(&attempt.sent(&headers), &answer).await? {
            return Ok(response.error_for_status()?.text().await?);
        }
        retries += 1;
    }
}
