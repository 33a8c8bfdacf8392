use toolwright_core::{
    jsonrpc::RpcError,
    model::{CallToolResult, ContentBlock, InputRequests, InputRequiredResult, Method},
};

use super::{rounds::Suspension, state::Request};
use crate::{Context, Reply, ServerResult};

impl Context {
    /// Ends this run of the call, if questions are open that the client has to answer first: the reply that asks them.
    ///
    /// It comes before the handler's future is dropped, or else its questions would count as given up.
    pub(crate) fn suspend(&self) -> Option<Reply> {
        if self.outer().is_some() {
            return None;
        }
        // A step that runs is never dropped, so the client is asked when it is over.
        if self.has_running_steps() {
            return None;
        }
        let schema = || self.subject().map(|subject| subject.schema.digest());
        let suspension = self.rounds_so_far()?.suspend(schema)?;
        let reply = suspension.and_then(|suspension| self.input_required(suspension));
        Some(reply.unwrap_or_else(|text| self.failed(text)))
    }

    fn input_required(&self, suspension: Suspension) -> Result<Reply, String> {
        let Suspension { questions, content } = suspension;
        let limits = self.engine().limits();
        if content.round > limits.rounds {
            return Err(format!(
                "the call asks in more than {} rounds, which is as many as the server allows; ask several questions at once, or \
                 raise `Limits::rounds`",
                limits.rounds
            ));
        }
        let request = Request {
            principal: self.principal(),
            method: self.method(),
            version: self.pinned(),
            params: self.params(),
        };
        let state = content.seal(self.engine(), &request);
        if state.len() > limits.state {
            return Err(format!(
                "the answers and steps of the call would be a state of {} bytes, and the server allows {}; keep less in them, or \
                 raise `Limits::state`",
                state.len(),
                limits.state
            ));
        }
        let questions: InputRequests = questions.into_iter().collect();
        let result = InputRequiredResult::new().input_requests(questions).request_state(state);
        Ok(ServerResult::InputRequired(Box::new(result)).into())
    }

    /// A call that failed for a reason that its author has to know.
    pub(crate) fn failed(&self, text: String) -> Reply {
        tracing::warn!(method = %self.method(), error = text, "a call could not go on");
        match self.method() {
            Method::CallTool => {
                let result = CallToolResult::new([ContentBlock::text(text)]).is_error(true);
                ServerResult::CallTool(result).into()
            }
            _ => RpcError::internal_error(text).into(),
        }
    }
}
