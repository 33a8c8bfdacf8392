//! One after another, each with a server of its own.
mod assertions;
mod credentials;
mod prove;
mod refresh;
mod restart;
mod sign_in;
mod sign_out;
mod step_up;

use serde_json::json;
use toolwright::{
    auth::client::OAuth,
    client::{Client, EraChoice, Http},
};

use crate::{Failure, server::Notes};

pub(crate) use assertions::{enterprise, workload};
pub(crate) use credentials::client_credentials;
pub(crate) use prove::prove;
pub(crate) use refresh::{concurrent, expiry, processes, refresh};
pub(crate) use restart::again;
pub(crate) use sign_in::{document, sign_in};
pub(crate) use sign_out::sign_out;
pub(crate) use step_up::step_up;

const ERAS: [EraChoice; 2] = [EraChoice::Modern, EraChoice::Legacy];

async fn connect(url: &str, oauth: &OAuth, era: EraChoice) -> Result<Client, Failure> {
    Ok(Client::builder().era(era).connect(Http::new(url).auth(oauth.clone())).await?)
}

/// Whom the server takes a client for.
async fn who(notes: &Notes, oauth: &OAuth, era: EraChoice) -> Result<String, Failure> {
    let client = connect(&notes.url, oauth, era).await?;
    let answer = client.call("who", json!({})).await?;
    client.close().await;
    Ok(answer.text())
}
