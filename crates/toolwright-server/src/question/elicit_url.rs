use std::{fmt, future::IntoFuture, time::Duration};

use serde::de::DeserializeOwned;
use toolwright_core::{
    Raw,
    joint::BoxFuture,
    jsonrpc::RpcError,
    model::{ElicitAction, ElicitResult, ElicitUrlParams, Method},
    uri,
};
use toolwright_store::{Insertion, KeyValue as _};

use super::{Elicited, QuestionError};
use crate::{
    Context, HandlerError,
    component::Requirement,
    context::Named,
    journal::digest,
    links::{LinkToken, Outcome, Ticket},
    session::Key,
};

/// How long a link is good unless the question says so.
const TTL: Duration = Duration::from_secs(10 * 60);
/// The longest that a question may say.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// How long one request waits for the user, where the client can be asked again.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often such a client is asked whether the user is done.
const ASKED_AGAIN: usize = 2;

impl Context {
    /// Asks the user to open a URL in a browser, for what must not pass through the client: signing in elsewhere, keys, payment
    /// ("Elicitation", "URL Mode Elicitation Requests"). `url` makes an `https` URL (`http` in development) of a token by which the
    /// page behind it finds this call again, see [`Links`](crate::links::Links); a page that need not find it ignores the token.
    ///
    /// Three ways to go on, all written once for all clients that can open URLs, those since 2025-11-25:
    /// - awaited, it is `Accepted` as soon as the user agreed to open the URL, whatever happens there;
    /// - [`completed`](AskUrl::completed) waits for what the page has to say;
    /// - [`required`](AskUrl::required) does as well, without keeping the call open where the protocol has an error for that.
    ///
    /// The URL is shown to the client: it must hold no secret, and nobody may be let in for knowing it. Who opens it is for the page to
    /// find out, and [`Links::open`](crate::links::Links::open) compares it with who called.
    ///
    /// # Errors
    /// When the client cannot be asked, or the URL is none.
    ///
    /// # Example
    /// ```
    /// use toolwright_server::{Context, HandlerError};
    ///
    /// async fn connect(context: &Context) -> Result<String, HandlerError> {
    ///     let account: String = context
    ///         .elicit_url("Connect your account", |link| format!("https://app.example/connect?state={link}"))
    ///         .completed()
    ///         .await?;
    ///     Ok(format!("connected {account}"))
    /// }
    /// # let _ = connect;
    /// ```
    pub fn elicit_url<'a, U: Into<String>>(
        &self,
        message: impl Into<String>,
        url: impl FnOnce(&LinkToken) -> U + Send + 'a,
    ) -> AskUrl<'a> {
        AskUrl {
            context: self.clone(),
            key: None,
            message: message.into(),
            url: Box::new(|token| url(token).into()),
            ttl: TTL,
        }
    }
}

/// A URL to be opened; await it for the user's consent, or call [`completed`](Self::completed) or [`required`](Self::required).
#[must_use = "a question is asked when it is awaited"]
pub struct AskUrl<'a> {
    context: Context,
    key: Option<String>,
    message: String,
    url: Box<dyn FnOnce(&LinkToken) -> String + Send + 'a>,
    ttl: Duration,
}

impl AskUrl<'_> {
    /// Names the question, so that its answer is found again even if its text changes.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// How long the link is good. Default ten minutes, at most a day.
    pub fn expires_in(mut self, ttl: Duration) -> Self {
        self.ttl = ttl.min(LONGEST);
        self
    }

    /// Waits until the page behind the URL completes the link, and returns what it was
    /// [completed](crate::links::Opened::complete) with.
    ///
    /// Clients of 2025-11-25 are asked once, and the call waits until the link expires. Later ones are asked again every 20
    /// seconds, three times in all, so that no request stays open for long; after that the call fails and says that the user is not
    /// done.
    ///
    /// # Errors
    /// When the client cannot be asked, the user declines or does not finish, the page says that it
    /// [failed](crate::links::Opened::fail), or completes the link with what is no `T`.
    pub async fn completed<T: DeserializeOwned>(self) -> Result<T, HandlerError> {
        self.link(None).await?.completed().await?.read()
    }

    /// The same as [`completed`](Self::completed), for calls that can do nothing without it: clients of 2025-11-25 get the error
    /// that names the URL (-32042), open it, and call again. That call, of the same caller with the same arguments, finds what the
    /// page had to say, once. Where the server knows neither principal nor session of a caller, it cannot. The client hears when the
    /// link is completed, at whichever replica if they share a [bus](crate::ServerBuilder::bus).
    ///
    /// # Errors
    /// Those of [`completed`](Self::completed), and the error that names the URL.
    pub async fn required<T: DeserializeOwned>(self) -> Result<T, HandlerError> {
        if !self.context.era().names_elicitations() {
            return self.completed().await;
        }
        self.check()?;
        let engine = self.context.engine().clone();
        let place = self.place();
        let ticket = Ticket::mint(self.ttl)?;
        let written = serde_json::to_vec(&ticket)?.into();
        let kept = ticket.remaining();
        match engine.keeper.store.put_if_absent(&place, written, kept).await? {
            Insertion::Inserted => Err(self.link(Some(ticket)).await?.visit_first()),
            Insertion::Present(known) => {
                let link = self.link(Some(serde_json::from_slice(&known)?)).await?;
                match link.wait(PATIENCE).await? {
                    Some(outcome) => {
                        engine.keeper.store.delete(&place).await?;
                        outcome.read()
                    }
                    None => Err(link.visit_first()),
                }
            }
        }
    }

    /// Where the store has the link that a call was told to have opened first.
    fn place(&self) -> String {
        let context = &self.context;
        let mut key = Key::new(&context.engine().info.name);
        key.part("required-link");
        match (context.principal(), context.agreed().and_then(|agreed| agreed.session)) {
            (None, Some(session)) => key.part("session").part(&session.to_string()),
            (principal, _) => key.caller(principal),
        };
        let subject = context.subject();
        let arguments = subject.and_then(|subject| subject.arguments.as_deref()).unwrap_or_default();
        key.part(context.method().as_str())
            .part(&subject.map(|subject| subject.target.to_string()).unwrap_or_default())
            .part(&format!("{:016x}", digest(&String::from_utf8_lossy(arguments))))
            .part(&self.name());
        key.into()
    }

    /// Names the link among those of the call. The URL is no part of it: it is made of the link.
    fn name(&self) -> String {
        let name = match &self.key {
            Some(key) => format!("link-{key}"),
            None => format!("link-{:016x}", digest(&self.message)),
        };
        self.context.numbered(Named::Question, name)
    }

    fn check(&self) -> Result<(), HandlerError> {
        let context = &self.context;
        if !Requirement::ElicitationUrl.exists_in(context.era()) {
            let revision = context.revision();
            return Err(HandlerError::public(format!(
                "the user has to open a URL first, which clients of revision {revision} cannot be asked for"
            )));
        }
        match context.missing(Requirement::ElicitationUrl) {
            None => Ok(()),
            Some(missing) => Err(QuestionError::Unsupported(Box::new(missing))
                .into_handler_error(context.era().is_stateless())),
        }
    }

    async fn link(self, ticket: Option<Ticket>) -> Result<Link, HandlerError> {
        self.check()?;
        let ticket = match ticket {
            Some(ticket) => ticket,
            None => remembered(&self.context, self.name(), self.ttl).await?,
        };
        let context = self.context;
        let token = LinkToken::seal(context.engine(), &ticket, context.principal());
        let url = (self.url)(&token);
        check_url(&url)?;
        // The token is sealed anew in each round, and the key must not change.
        let key = self.key.unwrap_or_else(|| {
            let asked = format!("{} {}", self.message, url.replace(token.as_str(), ""));
            format!("{}-{:016x}", Method::Elicit.as_str(), digest(&asked))
        });
        if context.era().names_elicitations()
            && let Some(connection) = context.connection()
        {
            context.engine().links.add(&ticket, connection);
        }
        Ok(Link { context, ticket, key, message: self.message, url })
    }
}

/// The link of this name is the same in all rounds of a call.
async fn remembered(context: &Context, name: String, ttl: Duration) -> Result<Ticket, HandlerError> {
    context.remember(name, |_| async move { Ok(Ticket::mint(ttl)?) }).await
}

/// A link that is made: from here on it is the same for all ways to ask.
struct Link {
    context: Context,
    ticket: Ticket,
    key: String,
    message: String,
    url: String,
}

impl Link {
    fn params(&self, message: &str) -> ElicitUrlParams {
        self.context.era().elicit_url(message, &self.url, &self.ticket.id)
    }

    async fn ask(&self, key: String, message: &str) -> Result<Elicited<()>, HandlerError> {
        let params = Raw::serialize(&self.params(message))?;
        let answer: ElicitResult = self
            .context
            .ask(Some(key), Requirement::ElicitationUrl, Method::Elicit, params)
            .await
            .map_err(|error| error.into_handler_error(self.context.era().is_stateless()))?;
        Ok(match answer.action {
            ElicitAction::Accept => Elicited::Accepted(()),
            ElicitAction::Decline => Elicited::Declined,
            ElicitAction::Cancel => Elicited::Cancelled,
        })
    }

    async fn wait(&self, patience: Duration) -> Result<Option<Outcome>, HandlerError> {
        self.context.engine().links.wait(&self.context, &self.ticket, patience).await
    }

    async fn completed(self) -> Result<Outcome, HandlerError> {
        self.ask(self.key.clone(), &self.message).await?.accepted()?;
        let left = self.ticket.remaining().unwrap_or_default();
        if self.context.era().asks_by_request() {
            return self.wait(left).await?.ok_or_else(|| self.unfinished());
        }
        for again in 1..=ASKED_AGAIN {
            let key = format!("{}-again-{again}", self.key);
            // In a later round, this wait is over.
            let patience = if self.context.was_asked(&key) { Duration::ZERO } else { PATIENCE.min(left) };
            if let Some(outcome) = self.wait(patience).await? {
                return Ok(outcome);
            }
            let message = format!("{} (not finished yet; accept again when it is)", self.message);
            self.ask(key, &message).await?.accepted()?;
        }
        self.wait(PATIENCE.min(left)).await?.ok_or_else(|| self.unfinished())
    }

    fn unfinished(&self) -> HandlerError {
        HandlerError::public("the user has not finished what the URL is for")
            .hint("ask them to, then call again")
    }

    /// The error that tells a client of 2025-11-25 what to open before it calls again (2025-11-25, "Elicitation", "URL Elicitation
    /// Required Error").
    fn visit_first(&self) -> HandlerError {
        let elicitations = [self.params(&self.message)];
        match Raw::serialize(&elicitations) {
            Ok(raw) => HandlerError::rpc(RpcError::url_elicitation_required(self.message.clone(), &raw)),
            Err(error) => error.into(),
        }
    }
}

impl Outcome {
    fn read<T: DeserializeOwned>(self) -> Result<T, HandlerError> {
        match self {
            Self::Completed(value) => serde_json::from_value(value).map_err(|error| {
                format!(
                    "the page behind the URL completed the link with another type than is awaited: {error}"
                )
                .into()
            }),
            Self::Failed(reason) => Err(HandlerError::public(reason)),
        }
    }
}

/// Clients open nothing but web pages ("Elicitation", "Safe URL Handling"), and what stands before an `@` is a secret.
fn check_url(url: &str) -> Result<(), HandlerError> {
    uri::validate(url)?;
    let (scheme, rest) = url.split_once(':').unwrap_or_default();
    let is_web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    let authority = rest.strip_prefix("//").and_then(|rest| rest.split(['/', '?', '#']).next());
    match authority {
        Some(host) if is_web && !host.is_empty() && !host.starts_with(':') && !host.contains('@') => Ok(()),
        _ => Err(format!(
            "`{url}` cannot be opened by a user: expected `https://` or `http://`, a host, and no password"
        )
        .into()),
    }
}

impl<'a> IntoFuture for AskUrl<'a> {
    type Output = Result<Elicited<()>, HandlerError>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let link = self.link(None).await?;
            link.ask(link.key.clone(), &link.message).await
        })
    }
}

impl fmt::Debug for AskUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AskUrl")
            .field("key", &self.key)
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::check_url;

    #[test]
    fn users_open_web_pages() {
        for url in ["https://app.example/connect?state=x", "http://127.0.0.1:8000", "HTTPS://app.example#top"]
        {
            assert!(check_url(url).is_ok(), "{url}");
        }
        for url in [
            "app.example/connect",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https:app.example",
            "https://",
            "https:///connect",
            "https://:8000/",
            "https://ada:secret@app.example/",
            "https://app.example/a b",
        ] {
            assert!(check_url(url).is_err(), "{url}");
        }
    }
}
