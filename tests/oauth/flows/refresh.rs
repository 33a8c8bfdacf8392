use serde_json::json;
use toolwright::{
    auth::client::{EncryptedFile, OAuth, StoreKey},
    client::EraChoice,
};

use super::{ERAS, connect, restart, who};
use crate::{Done, Failure, Provider, expect::expect, server::Notes, user::User};

/// A token that the server takes no more is refreshed, again and again, by the next run of the program, and by another process.
pub(crate) async fn refresh(provider: &Provider) -> Done {
    let notes = Notes::serve(provider).await?;
    let folder = tempfile::tempdir()?;
    let (file, key, user) = (folder.path().join("tokens"), StoreKey::random(), User::default());
    for _ in 0..2 {
        let store = EncryptedFile::new(&file, key.clone());
        let oauth = OAuth::builder(&notes.url).user_agent(user.clone()).store(store).build()?;
        for _ in 0..3 {
            expect(who(&notes, &oauth, EraChoice::Modern).await?.as_str(), "ada", "subject")?;
            notes.revoke();
        }
        let said = restart::other_process(&notes, &file, &key).await?;
        expect(said.as_str(), "ada", "subject in another process")?;
        expect(who(&notes, &oauth, EraChoice::Modern).await?.as_str(), "ada", "subject afterwards")?;
        notes.revoke();
    }
    expect(user.was_asked(), 1, "sign-ins")
}

/// Forty calls of clients in both eras at once are refused at once. Who uses a refresh token twice loses the grant here.
pub(crate) async fn concurrent(provider: &Provider) -> Done {
    const ROUNDS: u64 = 5;
    let notes = Notes::serve(provider).await?;
    let user = User::default();
    let oauth = OAuth::builder(&notes.url).user_agent(user.clone()).build()?;
    let mut clients = Vec::new();
    for era in [ERAS, ERAS].concat() {
        clients.push(connect(&notes.url, &oauth, era).await?);
    }
    let (before, revoked) = (provider.count("refresh_token").await?, provider.count("revoked").await?);
    for _ in 0..ROUNDS {
        notes.revoke();
        let calls = clients.iter().cycle().take(40).map(|client| {
            let client = client.clone();
            tokio::spawn(async move { Ok::<_, Failure>(client.call("who", json!({})).await?.text()) })
        });
        for call in calls.collect::<Vec<_>>() {
            expect(call.await??.as_str(), "ada", "subject")?;
        }
    }
    expect(provider.count("refresh_token").await? - before, ROUNDS, "refreshes")?;
    expect(provider.count("revoked").await?, revoked, "grants that were lost")?;
    expect(user.was_asked(), 1, "sign-ins")
}

/// Processes that share a file find out at the same time that the token is refused.
pub(crate) async fn processes(provider: &Provider) -> Done {
    let notes = Notes::serve(provider).await?;
    let folder = tempfile::tempdir()?;
    let (file, key, user) = (folder.path().join("tokens"), StoreKey::random(), User::default());
    let store = EncryptedFile::new(&file, key.clone());
    let oauth = OAuth::builder(&notes.url).user_agent(user.clone()).store(store).build()?;
    expect(who(&notes, &oauth, EraChoice::Modern).await?.as_str(), "ada", "subject")?;
    let (before, revoked) = (provider.count("refresh_token").await?, provider.count("revoked").await?);
    notes.revoke();
    // Slow enough for all to have read the file before the first one changes it.
    provider.control("pace?milliseconds=500").await?;
    let other = || restart::other_process(&notes, &file, &key);
    let (one, two, three, own) =
        tokio::join!(other(), other(), other(), who(&notes, &oauth, EraChoice::Modern));
    provider.control("pace?milliseconds=0").await?;
    for said in [one, two, three, own] {
        expect(said?.as_str(), "ada", "subject of all")?;
    }
    expect(provider.count("refresh_token").await? - before, 1, "refreshes")?;
    expect(provider.count("revoked").await?, revoked, "grants that were lost")?;
    expect(user.was_asked(), 1, "sign-ins")
}

/// A token is renewed before it expires, and after it has; when that fails, the user is asked again.
pub(crate) async fn expiry(provider: &Provider) -> Done {
    const LATER: u64 = 2 * 60 * 60;
    let user = User::default();
    let refreshes = async || provider.count("refresh_token").await;

    // A life of a second is within the margin.
    let brief = Notes::serve_at(provider, "/brief").await?;
    let oauth = OAuth::builder(&brief.url).user_agent(user.clone()).build()?;
    let before = refreshes().await?;
    expect(who(&brief, &oauth, EraChoice::Modern).await?.as_str(), "ada", "subject")?;
    expect(refreshes().await? > before, true, "renewed before it expired")?;
    expect(user.was_asked(), 1, "sign-ins")?;

    let notes = Notes::serve(provider).await?;
    let oauth = OAuth::builder(&notes.url).user_agent(user.clone()).build()?;
    expect(who(&notes, &oauth, EraChoice::Modern).await?.as_str(), "ada", "subject")?;
    let before = refreshes().await?;
    provider.control(&format!("clock?ahead={LATER}")).await?;
    notes.ahead(LATER);
    expect(who(&notes, &oauth, EraChoice::Modern).await?.as_str(), "ada", "subject two hours later")?;
    expect(refreshes().await? - before, 1, "refreshes of an expired token")?;
    expect(user.was_asked(), 2, "sign-ins")?;

    provider.control("revoke-grants").await?;
    notes.revoke();
    expect(who(&notes, &oauth, EraChoice::Modern).await?.as_str(), "ada", "subject without a grant")?;
    expect(user.was_asked(), 3, "sign-ins after the grant was revoked")?;
    provider.control("clock?ahead=0").await?;
    Ok(())
}
