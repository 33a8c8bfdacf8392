use std::{fmt, io};

use toolwright_server::__private::serde_json;

/// What can go wrong when a server is built, run or called.
///
/// Its `Debug` is its text, so that a `main` that returns it prints what a person can read.
///
/// # Example
/// ```
/// use toolwright::prelude::*;
///
/// let error: toolwright::Error = Server::builder("demo").tool(Tool::new("no handler")).build().unwrap_err().into();
/// assert!(format!("{error:?}").starts_with("the server cannot be built:"));
/// ```
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server could not be built or run.
    #[error(transparent)]
    Server(#[from] toolwright_server::Error),
    /// A client's call failed.
    #[cfg(feature = "client")]
    #[error(transparent)]
    Client(#[from] toolwright_client::ClientError),
    /// One of many servers failed.
    #[cfg(feature = "client")]
    #[error(transparent)]
    Servers(#[from] toolwright_client::ServerError),
    /// What a client was to open was not there.
    #[cfg(feature = "client")]
    #[error(transparent)]
    Open(#[from] crate::client::OpenError),
    /// Serving over HTTP did not begin, or ended otherwise than in good order.
    #[cfg(feature = "http")]
    #[error(transparent)]
    Http(#[from] toolwright_http::Error),
    /// An allowed host or origin cannot be one.
    #[cfg(feature = "http")]
    #[error(transparent)]
    Guard(#[from] toolwright_http::guard::GuardError),
    /// A client could not be authorized, or not be told how.
    #[cfg(feature = "auth-client")]
    #[error(transparent)]
    OAuth(#[from] toolwright_auth::client::OAuthError),
    /// The key of kept tokens is no key.
    #[cfg(feature = "auth-client")]
    #[error(transparent)]
    StoreKey(#[from] toolwright_auth::client::ParseStoreKeyError),
    /// The keys that seal state are no keys.
    #[error(transparent)]
    StateKeys(#[from] toolwright_server::ParseStateKeysError),
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Something was not the JSON that it should be.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)?;
        let mut source = std::error::Error::source(self);
        while let Some(error) = source {
            write!(f, "\n  because {error}")?;
            source = error.source();
        }
        Ok(())
    }
}

#[cfg(all(test, feature = "auth-client"))]
mod tests {
    use super::Error;

    #[test]
    fn what_keys_and_authorization_report_passes_through_a_question_mark() {
        fn keys() -> Result<(), Error> {
            let _keys: toolwright_server::StateKeys = "none".parse()?;
            Ok(())
        }
        fn authorization() -> Result<(), Error> {
            let _key: toolwright_auth::client::StoreKey = "none".parse()?;
            Ok(())
        }
        fn address() -> Result<(), Error> {
            toolwright_auth::client::OAuth::builder("http://example.com/mcp").build()?;
            Ok(())
        }
        assert!(matches!(keys(), Err(Error::StateKeys(_))));
        assert!(matches!(authorization(), Err(Error::StoreKey(_))));
        assert!(matches!(address(), Err(Error::OAuth(_))));
    }
}
