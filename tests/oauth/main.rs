//! What our client and our server do with an authorization server that others wrote. `run.py` starts that one, and gives what it
//! says of itself as the only argument.
#![expect(clippy::print_stdout, reason = "it is a program")]

mod browser;
mod expect;
mod flows;
mod provider;
mod server;
mod user;

use std::error::Error;

use provider::Provider;

type Failure = Box<dyn Error + Send + Sync>;
type Done = Result<(), Failure>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Done {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [again, url, file] = &*arguments
        && again == "again"
    {
        return flows::again(url, file).await;
    }
    let provider =
        Provider::read(arguments.first().ok_or("run.py gives the authorization server as an argument")?)?;
    flows::sign_in(&provider).await?;
    println!("ok: sign-in with registration, in both eras");
    flows::document(&provider).await?;
    println!("ok: sign-in of a client that a document describes, by a browser and the loopback interface");
    flows::step_up(&provider).await?;
    println!("ok: more scopes when a call needs them, in both eras");
    flows::refresh(&provider).await?;
    println!("ok: refresh tokens, rotated, across restarts and processes");
    flows::concurrent(&provider).await?;
    println!("ok: one refresh for calls of all clients at the same time");
    flows::processes(&provider).await?;
    println!("ok: one refresh for processes that share a file");
    flows::expiry(&provider).await?;
    println!("ok: tokens that expire soon, that are expired, and grants that are revoked");
    flows::client_credentials(&provider).await?;
    println!("ok: client credentials by secret in header and body, and by keys");
    flows::enterprise(&provider).await?;
    println!("ok: a grant of the enterprise's identity provider");
    flows::workload(&provider).await?;
    println!("ok: a statement of the platform, shown once");
    flows::prove(&provider).await?;
    println!("ok: proofs of possession with nonces of both servers, across refreshes and restarts");
    flows::sign_out(&provider).await?;
    println!("ok: tokens are of no use after a sign-out");
    Ok(())
}
