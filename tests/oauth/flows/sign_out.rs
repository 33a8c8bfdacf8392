use toolwright::{
    auth::client::{EncryptedFile, OAuth, StoreKey},
    client::EraChoice,
};

use super::who;
use crate::{
    Done, Provider,
    expect::expect,
    server::Notes,
    user::{Nobody, User},
};

/// Whoever copied the file before the sign-out has a refresh token that the authorization server took back.
pub(crate) async fn sign_out(provider: &Provider) -> Done {
    let notes = Notes::serve(provider).await?;
    let folder = tempfile::tempdir()?;
    let (file, copy, key) = (folder.path().join("tokens"), folder.path().join("copy"), StoreKey::random());
    let user = User::default();
    let store = EncryptedFile::new(&file, key.clone());
    let oauth = OAuth::builder(&notes.url).user_agent(user.clone()).store(store).build()?;
    expect(who(&notes, &oauth, EraChoice::Modern).await?.as_str(), "ada", "subject")?;
    std::fs::copy(&file, &copy)?;

    let before = provider.count("revoked").await?;
    oauth.sign_out().await?;
    expect(oauth.is_signed_in().await?, false, "signed in")?;
    expect(provider.count("revoked").await? - before, 1, "grants that were taken back")?;
    notes.revoke();
    let refused = provider.count("invalid_grant").await?;
    let store = EncryptedFile::new(&copy, key);
    let thief = OAuth::builder(&notes.url).user_agent(Nobody).store(store).build()?;
    expect(who(&notes, &thief, EraChoice::Modern).await.is_err(), true, "the copy is of no use")?;
    expect(provider.count("invalid_grant").await? - refused, 1, "refusals of its refresh token")?;

    expect(who(&notes, &oauth, EraChoice::Modern).await?.as_str(), "ada", "subject after another sign-in")?;
    expect(user.was_asked(), 2, "sign-ins")
}
