use std::future::Future;

use toolwright_client::{Builder, Client, Clients};

use super::{
    OpenError,
    guess::{FILE, guess},
};

/// `Client::open("...")` and `Clients::open("...")`: connects to what a string says.
///
/// | the string | is taken for | feature |
/// |---|---|---|
/// | begins with `http://` or `https://` | a URL | `http-client` |
/// | ends with `.json` | a configuration, see [`Servers`](crate::client::Servers) | those of its servers |
/// | anything else | a command line; words are parted by blanks and kept together by quotes, and no shell is involved | `child` |
///
/// A command line runs with all rights of this process: never open what users did not choose themselves.
///
/// # Example
/// ```no_run
/// use toolwright::prelude::*;
///
/// # async fn example() -> toolwright::Result<()> {
/// let client = Client::open("npx -y @modelcontextprotocol/server-everything").await?;
/// let clients = toolwright::client::Clients::open("mcp.json").await?;
/// # Ok(())
/// # }
/// ```
pub trait Open: Sized {
    /// Connects with the default options.
    ///
    /// # Errors
    /// When the target cannot be read or connected to. For a [`Client`] there must be one server, without which name it is
    /// addressed; for [`Clients`] one that can be connected to.
    fn open(target: &str) -> impl Future<Output = Result<Self, OpenError>> + Send;
}

impl Open for Client {
    async fn open(target: &str) -> Result<Self, OpenError> {
        Client::builder().open(target).await
    }
}

impl Open for Clients {
    async fn open(target: &str) -> Result<Self, OpenError> {
        Ok(guess(target)?.servers.clients().connect().await?)
    }
}

/// `Client::builder()...open("...")`: [`Open`] with options and handlers.
///
/// # Example
/// ```no_run
/// use toolwright::prelude::*;
///
/// # async fn example() -> toolwright::Result<()> {
/// let client = Client::builder().on_log(|message| println!("{:?}", message.data)).open("https://example.com/mcp").await?;
/// # Ok(())
/// # }
/// ```
pub trait OpenBuilder {
    /// Connects to what a string says.
    ///
    /// # Errors
    /// When the target cannot be read or connected to.
    fn open(self, target: &str) -> impl Future<Output = Result<Client, OpenError>> + Send;
}

impl OpenBuilder for Builder {
    async fn open(self, target: &str) -> Result<Client, OpenError> {
        let guess = guess(target)?;
        let name = guess.servers.names().next().unwrap_or_default();
        let kind = match guess.kind {
            FILE => format!("{FILE}, with `{name}`"),
            kind => kind.to_owned(),
        };
        let target = guess.servers.target()?;
        self.connect_shared(&target).await.map_err(|error| OpenError::Connect { guess: kind, error })
    }
}
