//! Parameters of your own: an extractor makes them of who is calling and of the server's state, before the handler runs.
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use toolwright::{extract::Needs, prelude::*};

/// All accounts, in points.
#[derive(Default)]
struct Bank(Mutex<BTreeMap<String, i64>>);

/// The account of whoever is calling. A handler with this parameter can reach no other one.
struct Account {
    owner: String,
    bank: State<Bank>,
}

impl FromCall for Account {
    async fn from_call(context: &Context) -> Result<Self, HandlerError> {
        // Over stdio nobody has to sign in, and the account is that of the one user there is.
        let owner = context.principal().map_or("local", Principal::subject).to_owned();
        Ok(Self { owner, bank: State::from_call(context).await? })
    }

    /// A server that forgets `.state(Bank)` fails to build, and says which tool needs it.
    fn needs(needs: &mut Needs) {
        needs.state::<Bank>();
    }
}

impl Account {
    fn change(&self, by: i64) -> Result<i64, HandlerError> {
        let mut accounts = self.bank.0.lock().unwrap_or_else(PoisonError::into_inner);
        let balance = accounts.entry(self.owner.clone()).or_default();
        let changed = balance.checked_add(by).filter(|changed| *changed >= 0);
        *balance = changed.ok_or_else(|| format!("{} has only {balance} points", self.owner))?;
        Ok(*balance)
    }
}

/// Another extractor, built on the first: an account that may spend points. Extractors can refuse a call.
struct Spender(Account);

impl FromCall for Spender {
    async fn from_call(context: &Context) -> Result<Self, HandlerError> {
        match context.principal() {
            Some(caller) if !caller.has_scope("spend") => {
                Err(HandlerError::from("this caller may not spend points").hint("ask for the scope `spend`"))
            }
            _ => Account::from_call(context).await.map(Self),
        }
    }

    fn needs(needs: &mut Needs) {
        Account::needs(needs);
    }
}

/// Earn points.
#[tool]
fn earn(account: Account, #[arg(range(1..=1000))] points: i64) -> Result<i64, HandlerError> {
    account.change(points)
}

/// Spend points.
#[tool]
fn spend(Spender(account): Spender, #[arg(range(1..=1000))] points: i64) -> Result<i64, HandlerError> {
    account.change(-points)
}

/// Who is calling, and how many points they have.
#[resource("bank://account")]
fn account(account: Account) -> Result<String, HandlerError> {
    Ok(format!("{}: {} points", account.owner, account.change(0)?))
}

fn server() -> toolwright::Result<Server> {
    Ok(Server::builder("bank")
        .state(Bank::default())
        .tools(tools![earn, spend])
        .resources(resources![account])
        .build()?)
}

#[tokio::main]
async fn main() -> toolwright::Result<()> {
    server()?.run().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use toolwright::testing::Eras;

    #[tokio::test]
    async fn callers_reach_their_own_account_only() -> toolwright::Result<()> {
        let server = server()?;
        let ada = || Client::builder().principal(Principal::new("ada").scopes(["spend"]));
        let bob = Client::builder().principal(Principal::new("bob")).connect(server.clone()).await?;
        bob.call("earn", json!({ "points": 7 })).await?;
        Eras::new(server)
            .client(ada)
            .run(async |client| {
                assert_eq!(client.call("earn", json!({ "points": 5 })).await?.data::<i64>()?, 5);
                assert_eq!(client.call("spend", json!({ "points": 5 })).await?.data::<i64>()?, 0);
                let error = client.call("spend", json!({ "points": 1 })).await.unwrap_err().to_string();
                assert!(error.contains("ada has only 0 points"), "{error}");
                Ok::<_, toolwright::Error>(())
            })
            .await;
        assert_eq!(json!(bob.read("bank://account").await?.contents)[0]["text"], "bob: 7 points");
        let error = bob.call("spend", json!({ "points": 1 })).await.unwrap_err().to_string();
        assert!(error.contains("may not spend points (ask for the scope `spend`)"), "{error}");
        Ok(())
    }

    #[test]
    fn a_server_without_the_state_does_not_build() {
        let error = Server::builder("bank").tools(tools![earn]).build().unwrap_err().to_string();
        assert!(error.contains("tool `earn`") && error.contains("Bank"), "{error}");
    }
}
