use std::{pin::pin, sync::Arc};

use bytes::Bytes;

use serde::{Deserialize, Serialize};
use toolwright_core::{
    Raw,
    era::Revision,
    joint::{Mute, Principal, Transport},
    jsonrpc::{Id, RpcError},
    model::{ClientCapabilities, Implementation, Method, RequestMeta},
};

use crate::{
    Call, Context, Journal, Reply, Server,
    call::{Ended, drive},
    connection::Agreed,
    context::{Ambient, Origin},
    journal::Rounds,
    question::{Asker, SharedAsker},
    session::RandomId,
};

/// A call as data: everything that is needed to run it again, in another process if need be.
///
/// [`Context::record`] takes it, `Server::resume` runs it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CallRecord {
    /// `tools/call`, `resources/read` or `prompts/get`.
    pub method: String,
    /// The name or URI that is addressed.
    pub target: String,
    /// The version that is pinned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The arguments as they came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arguments: Option<Raw>,
    /// Who is calling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<Principal>,
    /// `_meta` of the request.
    pub meta: RequestMeta,
    /// The revision that the caller speaks.
    pub revision: Revision,
    /// What the caller declared in its handshake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capabilities: Option<ClientCapabilities>,
    /// The session that the call came in, for the state that is kept there. A secret: whoever knows it can read that state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// Who the caller said it is in its handshake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<Implementation>,
    /// What it was answered and has done so far.
    #[serde(default)]
    pub journal: Journal,
}

impl CallRecord {
    /// Adds the answer to the question `key`.
    pub fn answer(mut self, key: impl Into<String>, answer: Raw) -> Self {
        self.journal.insert(key.into(), answer);
        self
    }
}

impl Context {
    /// The call as data; none where no component serves it. A call that a handler makes to its own server has no record of its
    /// own: its outer call is the one to run again.
    pub fn record(&self) -> Option<CallRecord> {
        if let Some(outer) = self.outer() {
            return outer.record();
        }
        let subject = self.subject()?;
        let method = self.method();
        if !matches!(method, Method::CallTool | Method::ReadResource | Method::GetPrompt) {
            return None;
        }
        let arguments = subject.arguments.as_deref().and_then(|bytes| serde_json::from_slice(bytes).ok());
        Some(CallRecord {
            method: method.as_str().to_owned(),
            target: subject.target.to_string(),
            version: subject.version.clone(),
            arguments,
            principal: self.principal().cloned(),
            meta: self.meta().clone(),
            revision: self.revision(),
            capabilities: self.agreed().map(|agreed| (*agreed.capabilities).clone()),
            session: self.agreed().and_then(|agreed| agreed.session).map(|session| session.to_string()),
            client: self.agreed().map(|agreed| (*agreed.info).clone()),
            journal: self.rounds_so_far().map(Rounds::journal).unwrap_or_default(),
        })
    }
}

impl Server {
    /// Runs a recorded call: the handler starts over, answers in the journal are there at once, and what it asks beyond them goes to
    /// `asker`. Any server with the same components will do.
    ///
    /// Progress and logs of such a run go nowhere, and layers of the server are not run.
    pub async fn resume(&self, record: CallRecord, asker: impl Asker) -> Reply {
        let era = record.revision.era();
        let agreed = record.capabilities.map(|capabilities| Agreed {
            era,
            capabilities: Arc::new(capabilities),
            session: record.session.as_deref().and_then(RandomId::parse),
            info: Arc::new(record.client.unwrap_or_else(|| Implementation::new("unknown", "0"))),
        });
        let origin = Origin {
            era,
            method: Method::from(record.method.as_str()),
            id: Some(Id::Integer(0)),
            meta: record.meta.into(),
        };
        let mut ambient = Ambient::new(Transport::InProcess, Arc::new(Mute));
        ambient.principal = record.principal;
        let context = Context::rebuilt(
            Arc::clone(&self.engine),
            origin,
            ambient,
            Some(SharedAsker::new(asker)),
            agreed,
            Some(Box::new(Rounds::resumed(record.journal))),
        );
        let call = Call {
            context: context.clone(),
            params: None,
            target: Some(record.target.into()),
            arguments: record.arguments.map(|raw| Bytes::copy_from_slice(raw.as_str().as_bytes())),
            mirrored: None,
            version: record.version,
        };
        let ended = drive(&context, pin!(crate::dispatch::dispatch(call))).await;
        context.close();
        match ended {
            Ended::Done(reply) => reply,
            Ended::Cancelled => Reply::Nothing,
            Ended::Panicked(_) => RpcError::internal_error("internal error").into(),
            Ended::TimedOut => RpcError::internal_error("the call took too long").into(),
        }
    }
}
