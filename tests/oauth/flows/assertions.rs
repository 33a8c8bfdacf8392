use toolwright::{
    auth::client::{ClientRegistration, IdentityProvider, OAuth},
    client::EraChoice,
};

use super::{ERAS, who};
use crate::{Done, Failure, Provider, expect::expect, server::Notes, user::Nobody};

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// A signed statement that the provider's neighbours make.
async fn statement(provider: Provider, what: &str) -> Result<String, Failure> {
    Ok(provider.control(what).await?.as_str().ok_or("it is a text")?.to_owned())
}

/// The identity provider exchanges the user's ID token for a grant, which the authorization server takes once.
pub(crate) async fn enterprise(provider: &Provider) -> Done {
    let notes = Notes::serve(provider).await?;
    let at = |name: &str| ClientRegistration::new(name).secret(provider.of_client(name, "secret"));
    for era in ERAS {
        let source = provider.clone();
        let idp = IdentityProvider::new(&provider.identity_provider, at("notes-at-idp"), move || {
            statement(source.clone(), "id-token")
        });
        let oauth = OAuth::builder(&notes.url)
            .client(at("notes").issuer(&provider.issuer))
            .enterprise(idp)
            .user_agent(Nobody)
            .build()?;
        expect(who(&notes, &oauth, era).await?.as_str(), "ada", "subject")?;
        notes.revoke();
        expect(who(&notes, &oauth, era).await?.as_str(), "ada", "subject")?;
    }
    Ok(())
}

/// The platform vouches for a workload. A statement that was refused is not shown again.
pub(crate) async fn workload(provider: &Provider) -> Done {
    let notes = Notes::serve(provider).await?;
    let source = provider.clone();
    let oauth = OAuth::builder(&notes.url)
        .workload(move || statement(source.clone(), "workload-token"))
        .user_agent(Nobody)
        .build()?;
    for era in ERAS {
        expect(who(&notes, &oauth, era).await?.as_str(), "spiffe://platform.example/notes", "subject")?;
        notes.revoke();
    }

    let old = statement(provider.clone(), "workload-token").await?;
    let oauth = OAuth::builder(&notes.url)
        .workload(move || std::future::ready(Ok::<_, Failure>(old.clone())))
        .user_agent(Nobody)
        .build()?;
    expect(who(&notes, &oauth, EraChoice::Modern).await.is_ok(), true, "a fresh statement is taken")?;
    let (taken, refused) = (provider.count(JWT_BEARER).await?, provider.count("invalid_grant").await?);
    for _ in 0..2 {
        notes.revoke();
        expect(who(&notes, &oauth, EraChoice::Modern).await.is_err(), true, "a used statement is refused")?;
    }
    expect(provider.count(JWT_BEARER).await?, taken, "tokens for a used statement")?;
    expect(provider.count("invalid_grant").await?, refused + 1, "refusals of it")
}
