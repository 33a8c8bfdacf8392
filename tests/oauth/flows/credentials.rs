use toolwright::{
    auth::client::{ClientRegistration, OAuth, SigningKey},
    client::EraChoice,
};

use super::who;
use crate::{Done, Failure, Provider, expect::expect, server::Notes, user::User};

/// Clients that act for themselves, in each way to show who they are.
pub(crate) async fn client_credentials(provider: &Provider) -> Done {
    let notes = Notes::serve(provider).await?;
    let user = User::default();
    let key = |name: &str| -> Result<_, Failure> {
        let key = SigningKey::from_pem(&provider.of_client(name, "key"))?;
        Ok(ClientRegistration::new(name).private_key(key.id(provider.of_client(name, "id"))))
    };
    for (name, client) in [
        ("robot", ClientRegistration::new("robot").secret(provider.of_client("robot", "secret"))),
        ("poster", ClientRegistration::new("poster").secret_post(provider.of_client("poster", "secret"))),
        ("signer", key("signer")?),
        ("elder", key("elder")?),
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
