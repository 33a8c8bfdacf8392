use std::{path::Path, process::Command};

use serde_json::json;
use toolwright::{
    auth::client::{EncryptedFile, OAuth, StoreKey},
    client::EraChoice,
};

use super::connect;
use crate::{Done, Failure, server::Notes, user::Nobody};

/// Whom the server takes another process for, which has the file, the key, and nobody to ask.
pub(super) async fn other_process(notes: &Notes, file: &Path, key: &StoreKey) -> Result<String, Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["again", &notes.url]).arg(file).env("TOOLWRIGHT_TOKEN_KEY", key.to_hex().expose());
    let done = tokio::task::spawn_blocking(move || command.output()).await??;
    if !done.status.success() {
        return Err(format!("the other process failed: {}", String::from_utf8_lossy(&done.stderr)).into());
    }
    Ok(String::from_utf8(done.stdout)?.trim_end().to_owned())
}

/// What that process does.
pub(crate) async fn again(url: &str, file: &str) -> Done {
    let key = StoreKey::from_env()?.ok_or("there is no key")?;
    let oauth = OAuth::builder(url).store(EncryptedFile::new(file, key)).user_agent(Nobody).build()?;
    let client = connect(url, &oauth, EraChoice::Auto).await?;
    println!("{}", client.call("who", json!({})).await?.text());
    client.close().await;
    Ok(())
}
