use std::{fmt, sync::Arc};

use toolwright_core::joint::Principal;
use toolwright_store::{Insertion, KeyValue as _};

use super::{LinkError, LinkToken, Opened, outcome};
use crate::{Server, engine::Engine};

impl Server {
    /// Opens the links that its handlers made, for the pages behind them.
    pub fn links(&self) -> Links {
        Links { engine: Arc::clone(&self.engine) }
    }
}

/// Opens links that handlers made with [`Context::elicit_url`](crate::Context::elicit_url). Cheap to clone; a state of the web
/// application that the pages belong to.
///
/// Any replica opens the links of all others if they share [keys](crate::ServerBuilder::state_keys) and a
/// [store](crate::ServerBuilder::store).
///
/// # Example
/// The page that an authorization server comes back to.
/// ```
/// use toolwright_server::{core::joint::Principal, links::{LinkError, Links}};
///
/// async fn callback(links: Links, state: &str, code: &str, signed_in: Principal) -> Result<&'static str, LinkError> {
///     let link = links.open(state, Some(&signed_in)).await?;
///     match exchange(code).await {
///         Ok(account) => link.complete(account).await?,
///         Err(error) => link.fail(error).await?,
///     }
///     Ok("You can close this page.")
/// }
/// # async fn exchange(_: &str) -> Result<String, String> { Ok("ada@example.org".into()) }
/// # let _ = callback;
/// ```
#[derive(Clone)]
pub struct Links {
    engine: Arc<Engine>,
}

impl Links {
    /// Opens a link, once. `principal` is who has signed in to the page, by the page's own means, with the issuer and the subject
    /// that the transport of the server would see. For a link that was made for a caller without a principal it does not matter.
    ///
    /// # Errors
    /// When the text is no link of this server or is used up, its time is over, or it was made for somebody else; then it can still
    /// be opened by whom it was made for.
    pub async fn open(&self, link: &str, principal: Option<&Principal>) -> Result<Opened, LinkError> {
        let inside = LinkToken::open(&self.engine, link, principal)?;
        let kept = outcome::kept(&inside.ticket);
        let key = outcome::used_key(&self.engine, &inside.ticket);
        match self.engine.keeper.store.put_if_absent(&key, "1".into(), Some(kept)).await? {
            Insertion::Inserted => Ok(Opened::new(Arc::clone(&self.engine), inside)),
            Insertion::Present(_) => Err(LinkError::Used),
        }
    }

    /// Whether [`open`](Self::open) would open a link now. It stays unused: for a page that comes before the one that opens it.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub async fn check(&self, link: &str, principal: Option<&Principal>) -> Result<(), LinkError> {
        let inside = LinkToken::open(&self.engine, link, principal)?;
        let key = outcome::used_key(&self.engine, &inside.ticket);
        match self.engine.keeper.store.get(&key).await? {
            None => Ok(()),
            Some(_) => Err(LinkError::Used),
        }
    }
}

impl fmt::Debug for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Links").field("server", &self.engine.info.name).finish()
    }
}
