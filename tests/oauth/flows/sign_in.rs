use toolwright::auth::client::OAuth;

use super::{ERAS, who};
use crate::{Done, Provider, browser::Browser, expect::expect, server::Notes, user::User};

/// Discovery, registration, the code grant with PKCE and a resource, and calls with the token.
pub(crate) async fn sign_in(provider: &Provider) -> Done {
    let notes = Notes::serve(provider).await?;
    for era in ERAS {
        let user = User::default();
        let oauth = OAuth::builder(&notes.url).client_name("Notes").user_agent(user.clone()).build()?;
        expect(who(&notes, &oauth, era).await?.as_str(), "ada", "subject")?;
        expect(who(&notes, &oauth, era).await?.as_str(), "ada", "subject")?;
        expect(user.was_asked(), 1, "sign-ins")?;
    }
    Ok(())
}

/// The authorization server fetches the document that the client's id leads to. Each sign-in ends at another port, which it lets
/// native applications choose (RFC 8252, "Loopback Interface Redirection").
pub(crate) async fn document(provider: &Provider) -> Done {
    let notes = Notes::serve(provider).await?;
    let browser = Browser::default();
    for (times, era) in ERAS.into_iter().enumerate() {
        let oauth = OAuth::builder(&notes.url)
            .client_metadata_url(&provider.document)
            .user_agent(browser.user_agent())
            .build()?;
        expect(who(&notes, &oauth, era).await?.as_str(), "ada", "subject")?;
        notes.revoke();
        expect(who(&notes, &oauth, era).await?.as_str(), "ada", "subject")?;
        let pages = browser.pages();
        expect(pages.len(), times + 1, "sign-ins")?;
        expect(pages[times].contains("You are signed in"), true, &pages[times])?;
    }
    Ok(())
}
