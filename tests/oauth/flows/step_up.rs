use serde_json::json;
use toolwright::auth::client::OAuth;

use super::{ERAS, connect};
use crate::{Done, Provider, expect::expect, server::Notes, user::User};

/// A call that needs more than was asked for leads to a sign-in for both; what the token allowed before stays allowed.
pub(crate) async fn step_up(provider: &Provider) -> Done {
    let notes = Notes::serve(provider).await?;
    for era in ERAS {
        let user = User::default();
        let oauth = OAuth::builder(&notes.url).user_agent(user.clone()).build()?;
        let client = connect(&notes.url, &oauth, era).await?;
        expect(client.call("who", json!({})).await?.text().as_str(), "ada", "subject")?;
        expect(user.was_asked(), 1, "sign-ins before")?;
        for _ in 0..2 {
            expect(client.call("write", json!({})).await?.text().as_str(), "ada wrote a note", "answer")?;
        }
        expect(user.was_asked(), 2, "sign-ins")?;
        notes.revoke();
        expect(client.call("write", json!({})).await?.text().as_str(), "ada wrote a note", "answer")?;
        expect(user.was_asked(), 2, "sign-ins after a refresh")?;
        client.close().await;
    }
    Ok(())
}
