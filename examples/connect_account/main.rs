//! A server that acts for its users at another service: they connect their account there in the browser, by OAuth, and neither
//! client nor model sees a password or a token.
//!
//! `ISSUER=https://issuer.example CLIENT_ID=.. CLIENT_SECRET=.. KEY=k-secret cargo run --example connect_account` serves
//! <http://127.0.0.1:8000/mcp> for callers with the bearer token `k-secret`. The other service is any that speaks OpenID Connect; it
//! has to know `{base}/connected` as a redirect URI of ours. `BASE_URL` says what users reach the pages by, if that is not the host
//! that the client uses.
use std::{
    collections::HashMap,
    env, io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{http::HeaderMap, routing::get};
use service::Service;
use toolwright::{http::bearer::BearerTokens, prelude::*};

mod pages;
mod service;
#[cfg(test)]
mod tests;

/// An account at the other service.
#[derive(Clone)]
struct Account {
    name: String,
    /// What calls of the other service need. It stays here.
    #[expect(dead_code, reason = "this example calls nothing else there")]
    token: String,
}

/// The accounts that users have connected. Real ones are in a database, encrypted.
#[derive(Clone, Default)]
struct Accounts(Arc<Mutex<HashMap<String, Account>>>);

impl Accounts {
    fn all(&self) -> MutexGuard<'_, HashMap<String, Account>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, user: &Principal) -> Option<Account> {
        self.all().get(user.subject()).cloned()
    }

    fn connect(&self, user: &Principal, account: Account) {
        self.all().insert(user.subject().to_owned(), account);
    }
}

/// Where users reach the pages.
struct Base(Option<String>);

impl Base {
    fn of(&self, headers: &HeaderMap) -> Option<String> {
        // The transport has checked that the host is one of ours.
        let host = || headers.get("host")?.to_str().ok().map(|host| format!("http://{host}"));
        self.0.clone().or_else(host)
    }
}

/// Who you are at the other service. The first time, you have to connect your account.
#[tool(annotations(read_only))]
async fn profile(
    ctx: &Context,
    user: Principal,
    base: State<Base>,
    accounts: State<Accounts>,
) -> Result<String, HandlerError> {
    let name = match accounts.of(&user) {
        Some(account) => account.name,
        None => {
            let base = base.of(ctx.headers()).ok_or("set BASE_URL: there is no host to take it from")?;
            ctx.elicit_url("Connect your account", |link| format!("{base}/connect?state={link}"))
                .required()
                .await?
        }
    };
    Ok(format!("{} is {name} there", user.subject()))
}

/// Forget your account at the other service.
#[tool]
fn disconnect(user: Principal, accounts: State<Accounts>) -> bool {
    accounts.all().remove(user.subject()).is_some()
}

/// The users of this server, by their keys. A real one has an authorization server for them, too.
type Users = HashMap<String, Principal>;

/// The server, and the server with its pages over HTTP.
fn server(users: Users, service: Service, base: Option<String>) -> toolwright::Result<(Server, HttpServer)> {
    let accounts = Accounts::default();
    let tokens = users
        .iter()
        .fold(BearerTokens::new(), |tokens, (key, user)| tokens.token(key.as_str(), user.clone()));
    let server = Server::builder("connect")
        .state(Base(base.clone()))
        .state(accounts.clone())
        .tools(tools![profile, disconnect])
        .auth(tokens)
        .build()?;
    let pages = Arc::new(pages::Pages { users, accounts, service, links: server.links(), base: Base(base) });
    let http = server
        .http()
        .public_route("/connect", get(pages::connect).post(pages::sign_in).with_state(Arc::clone(&pages)))
        .public_route("/connected", get(pages::connected).with_state(pages));
    Ok((server, http))
}

fn variable(name: &str) -> io::Result<String> {
    env::var(name).map_err(|_| io::Error::other(format!("set {name}; see the top of the example")))
}

#[tokio::main]
async fn main() -> toolwright::Result<()> {
    let (issuer, client) = (variable("ISSUER")?, variable("CLIENT_ID")?);
    let service = Service::discover(&issuer, client, env::var("CLIENT_SECRET").ok()).await;
    let service = service.map_err(io::Error::other)?;
    let users = Users::from([(variable("KEY")?, Principal::new("ada"))]);
    server(users, service, env::var("BASE_URL").ok())?.1.run().await
}
