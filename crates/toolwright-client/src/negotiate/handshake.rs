use toolwright_core::{era::Revision, joint::Incoming, jsonrpc::ErrorCode, model::InitializeResult};

use super::{EraChoice, verdict::nothing_in_common};
use crate::{ClientError, request::answer};

/// What came of `initialize`.
#[derive(Debug)]
pub(super) enum Handshake {
    /// The session has this revision.
    Done(Revision, Box<InitializeResult>),
    /// The server turns out to be stateless only.
    Stateless,
}

/// Judges the answer to `initialize` under the id `id` ("Lifecycle", "Version Negotiation").
pub(super) fn judge(incoming: &Incoming, id: i64, choice: EraChoice) -> Result<Handshake, ClientError> {
    let reply = match answer(incoming, id, |_| ()) {
        Ok(reply) => reply,
        Err(ClientError::Rpc(error))
            if error.code == ErrorCode::UNSUPPORTED_PROTOCOL_VERSION
                && choice.stateless(|_| true).is_some() =>
        {
            return Ok(Handshake::Stateless);
        }
        Err(error) => return Err(error),
    };
    let result: InitializeResult = reply.read("initialize")?;
    match result.protocol_version.revision() {
        Some(revision) if !revision.era().is_stateless() && choice.accepts(revision) => {
            Ok(Handshake::Done(revision, Box::new(result)))
        }
        _ => Err(nothing_in_common(choice, std::slice::from_ref(&result.protocol_version))),
    }
}
