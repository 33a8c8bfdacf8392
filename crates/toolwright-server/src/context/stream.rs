use std::time::Duration;

use toolwright_core::{Raw, model::Method};

use super::Context;
use crate::{HandlerError, connection::Unanswered, question::QuestionError};

impl Context {
    /// Ends the connection that the call's stream has at present, while the call goes on: a long job need not keep one open. The
    /// client comes back after `retry`, or after as long as the transport says, and then gets what was sent meanwhile, the
    /// result included (2025-11-25, "Streamable HTTP", "Sending Messages to the Server").
    ///
    /// `false`, and nothing happens, where no client could come back: on stdio and in process, in stateless revisions, and without
    /// a session whose streams can be resumed. A handler need not care, then: it goes on either way.
    ///
    /// # Example
    /// ```
    /// use std::time::Duration;
    /// use toolwright_server::Context;
    ///
    /// async fn render(context: &Context) -> &'static str {
    ///     context.progress(0, 1);
    ///     context.close_stream(Some(Duration::from_secs(30)));
    ///     "the film"
    /// }
    /// # let _ = render;
    /// ```
    pub fn close_stream(&self, retry: Option<Duration>) -> bool {
        !self.era().is_stateless()
            && self.connection().is_some()
            && !self.is_cancelled()
            && self.outlet().close_stream(retry)
    }

    /// Asks the client whether it is still there, and waits for its answer ("Ping"). The request goes out on the stream of this
    /// call.
    ///
    /// # Errors
    /// When the client is gone or refuses, when the call came without a session, and for clients of stateless revisions, to which
    /// a server sends no requests.
    pub async fn ping(&self) -> Result<(), HandlerError> {
        let gone = || HandlerError::public(QuestionError::Closed);
        if !self.era().asks_by_request() {
            return Err(HandlerError::public(format!(
                "clients of revision {} cannot be pinged: servers send them no requests",
                self.revision()
            )));
        }
        let Some(connection) = self.connection() else {
            return Err(HandlerError::public("the client cannot be pinged: the call came without a session"));
        };
        if self.is_closed() {
            return Err(gone());
        }
        let params = Raw::from(serde_json::json!({}));
        tokio::select! {
            biased;
            answer = connection.ask(self.outlet(), Method::Ping.as_str(), &params) => match answer {
                Ok(_) => Ok(()),
                Err(Unanswered::Gone) => Err(gone()),
                Err(Unanswered::Refused(error)) => Err(HandlerError::public(QuestionError::Refused(error))),
            },
            () = self.until_cancelled() => Err(gone()),
        }
    }
}
