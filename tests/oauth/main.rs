//! What our client and our server do with an authorization server that others wrote. `run.py` starts that one, and gives its address
//! and clients as the only argument.
#![expect(clippy::print_stdout, reason = "it is a program")]

mod flows;
mod guarded;
mod server;
mod user;

use std::{collections::HashMap, error::Error};

use serde_json::Value;

type Done = Result<(), Box<dyn Error + Send + Sync>>;

/// The authorization server.
struct Provider {
    issuer: String,
    clients: HashMap<String, Value>,
}

impl Provider {
    fn read() -> Result<Self, Box<dyn Error + Send + Sync>> {
        let text = std::env::args().nth(1).ok_or("run.py gives the authorization server as an argument")?;
        let said: Value = serde_json::from_str(&text)?;
        Ok(Self {
            issuer: said["issuer"].as_str().ok_or("no issuer")?.to_owned(),
            clients: serde_json::from_value(said["clients"].clone())?,
        })
    }

    fn of_client(&self, client: &str, member: &str) -> String {
        self.clients[client][member].as_str().unwrap_or_default().to_owned()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Done {
    let provider = Provider::read()?;
    flows::sign_in(&provider).await?;
    println!("ok: sign-in with registration, in both eras");
    flows::refresh(&provider).await?;
    println!("ok: refresh tokens, rotated, across restarts");
    flows::client_credentials(&provider).await?;
    println!("ok: client credentials by secret in header and body, and by key");
    guarded::prove(&provider).await?;
    println!("ok: proofs of possession with nonces of both servers");
    Ok(())
}
