use std::sync::Arc;

use toolwright_core::{
    joint::LinkError,
    jsonrpc::{ErrorCode, RpcError},
    model::{InputRequiredResult, InputResponses, ResultType},
};

use super::{
    Done, Encoded, Message, Progress, Reply, Request, answer,
    exchange::exchange,
    result_type::{required, result_type},
    rounds::Step,
};
use crate::{Client, ClientError, cache::Slot, call::PAGES, connection::Connection};

/// A request on its way, over all its rounds.
pub(super) struct Flight<T> {
    pub(super) request: Request<T>,
    connection: Arc<Connection>,
    progress: Option<Progress>,
}

/// What came of one round.
pub(super) enum Answer {
    Complete(Reply),
    Required(InputRequiredResult),
}

impl<T> Flight<T> {
    pub(super) async fn open(mut request: Request<T>) -> Result<(Self, Encoded), ClientError> {
        let message = std::mem::replace(&mut request.message, Err(ClientError::Closed))?;
        let shared = request.client.shared();
        if shared.is_closed() {
            return Err(ClientError::Closed);
        }
        let connection = shared.line().await?;
        let progress = request.options.progress(shared, message.id());
        let flight = Self { request, connection, progress };
        let encoded = flight.close(message);
        Ok((flight, encoded))
    }

    /// Ends a request by what stands in its `_meta`.
    fn close(&self, message: Message) -> Encoded {
        let token = self.progress.is_some().then(|| message.id());
        let extra = self.request.options.extra(self.request.client.shared(), token);
        message.close(|buffer| self.connection.meta.write(buffer, &extra))
    }

    /// The next round: same parameters, the state unchanged, a new id ("Multi Round-Trip Requests", "Retrying").
    pub(super) async fn again(
        &mut self,
        encoded: &Encoded,
        required: &InputRequiredResult,
        responses: &InputResponses,
    ) -> Result<Encoded, ClientError> {
        // Any connection will do: the state is all that the server needs.
        self.connection = self.request.client.shared().line().await?;
        let mut message = encoded.again(self.renewed_id());
        let member = |written: serde_json::Result<()>| {
            written.map_err(|source| ClientError::Encode { what: "an answer".into(), source })
        };
        if !responses.is_empty() {
            member(message.member("inputResponses", responses))?;
        }
        if let Some(state) = &required.request_state {
            member(message.member("requestState", state))?;
        }
        Ok(self.close(message).keep(encoded))
    }

    fn renewed_id(&mut self) -> i64 {
        let id = self.request.client.shared().next_id();
        if let Some(progress) = &mut self.progress {
            progress.renew(id);
        }
        id
    }

    /// Sends one round, once more if it surely was not processed and can be mended.
    pub(super) async fn send(&mut self, encoded: &mut Encoded) -> Result<Answer, ClientError> {
        let error = match self.round(encoded).await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        if !self.mend(encoded, &error).await? {
            return Err(error);
        }
        let message = encoded.repeat(self.renewed_id());
        *encoded = self.close(message).keep(encoded);
        self.round(encoded).await
    }

    async fn round(&mut self, encoded: &Encoded) -> Result<Answer, ClientError> {
        let shared = self.request.client.shared();
        let timing = self.request.options.timing(shared);
        let mut headers = self.connection.headers.request(&encoded.method, &self.request.subject);
        if self.connection.headers.mirrors() && encoded.method == "tools/call" {
            shared.routes.catalog.mirror(&self.request.subject, encoded, &mut headers);
        }
        let incoming =
            exchange(shared, &self.connection, encoded, headers, timing, self.progress.as_mut()).await?;
        let reply = answer(&incoming, encoded.id, |stray| self.connection.inlet.take(&stray))?;
        if !self.connection.is_stateless() {
            return Ok(Answer::Complete(reply));
        }
        match result_type(&reply)? {
            None | Some(ResultType::Complete) => Ok(Answer::Complete(reply)),
            Some(ResultType::InputRequired) => required(encoded, &reply).map(Answer::Required),
            Some(ResultType::Other(other)) if shared.settings.claimed.contains(&other) => {
                Ok(Answer::Complete(reply))
            }
            Some(other) => Err(ClientError::protocol(format!(
                "unknown `resultType` \"{other}\" of `{}`",
                encoded.method
            ))),
        }
    }

    /// Removes the cause of a failure, if the request was refused before it ran. Returns whether it can be repeated.
    #[cold]
    async fn mend(&mut self, encoded: &Encoded, error: &ClientError) -> Result<bool, ClientError> {
        if let ClientError::Rpc(error) = error
            && error.code == ErrorCode::HEADER_MISMATCH
            && self.connection.headers.mirrors()
            && encoded.method == "tools/call"
        {
            // ("Streamable HTTP", "Server Validation": the tool may have changed since it was listed.)
            return Ok(relist(&self.request.client, &self.request.subject).await.is_ok());
        }
        let shared = self.request.client.shared();
        let old = self.connection.clone();
        let gone = matches!(error, ClientError::Link(LinkError::SessionGone));
        if !shared.renewal.is_wanted() || !(gone || old.is_doubted(error)) {
            return Ok(false);
        }
        self.connection = shared.renew(&old).await?;
        // A server that speaks another revision than before did not understand the request.
        Ok(gone || self.connection.revision != old.revision)
    }

    pub(super) fn is_asked_to_visit(&self, error: &RpcError) -> bool {
        error.code == ErrorCode::URL_ELICITATION_REQUIRED && !self.connection.is_stateless()
    }

    pub(super) async fn step(mut self, mut encoded: Encoded) -> Result<Step<T>, ClientError> {
        match self.send(&mut encoded).await? {
            Answer::Complete(reply) => self.complete(&encoded, reply).await.map(Step::Done),
            Answer::Required(required) => Ok(Step::ask(self, encoded, required)),
        }
    }

    /// Where the result is kept, if it may be ("Caching": by method and parameters, and no rounds).
    pub(super) fn slot(&self, encoded: &Encoded) -> Option<Slot> {
        if !self.connection.is_stateless() || !self.request.options.is_plain() {
            return None;
        }
        self.request.client.shared().routes.results.slot(encoded, &self.request.subject)
    }

    /// A result that is still fresh.
    pub(super) fn kept(&self, slot: &Slot) -> Option<Reply> {
        if self.request.options.fresh { None } else { self.request.client.shared().routes.results.get(slot) }
    }

    pub(super) async fn complete(self, encoded: &Encoded, reply: Reply) -> Result<T, ClientError> {
        #[cfg(feature = "validation")]
        if encoded.method == "tools/call"
            && (self.request.options.validated || self.request.client.shared().settings.validates)
        {
            super::validated::validated(&self.request.client, &self.request.subject, &reply).await?;
        }
        #[cfg(not(feature = "validation"))]
        let _ = encoded;
        self.finish(reply)
    }

    pub(super) fn finish(self, reply: Reply) -> Result<T, ClientError> {
        let Request { client, read, subject, .. } = self.request;
        read(Done { shared: client.shared().clone(), subject, reply })
    }
}

/// Lists tools until `tool` is among them.
pub(super) async fn relist(client: &Client, tool: &str) -> Result<(), ClientError> {
    let mut cursor = None;
    for _ in 0..PAGES {
        let page = client.list_tools(cursor).fresh().await?;
        cursor = page.next_cursor;
        if cursor.is_none() || page.tools.iter().any(|known| known.name == tool) {
            break;
        }
    }
    Ok(())
}
