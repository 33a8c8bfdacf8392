use std::{sync::Arc, task::Poll};

use bytes::Bytes;
use http::StatusCode;
use toolwright_core::{
    era::{Era, Revision},
    joint::{BoxFuture, Inbound, Outbound, Session},
    jsonrpc::{self, Incoming, Malformed, Message, RpcError, encode},
};

use super::{
    Answer,
    message::{self, Started},
};
use crate::{connection::Connection, context::Ambient, engine::Engine, question::SharedAsker};

/// What a message is served with.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) engine: Arc<Engine>,
    pub(super) asker: Option<SharedAsker>,
    pub(super) ambient: Ambient,
    /// Whether the message is an item of a batch.
    pub(super) in_batch: bool,
}

/// Serves one message or batch.
pub(crate) async fn serve(engine: Arc<Engine>, asker: Option<SharedAsker>, inbound: Inbound) -> Outbound {
    let Inbound { body, transport, outlet, session, principal, headers, extensions, peer, .. } = inbound;
    let connection = session.and_then(Connection::of);
    let ambient = Ambient { transport, outlet, connection, principal, headers, extensions, peer };
    let limits = engine.limits();
    let limits = jsonrpc::Limits::DEFAULT.depth(limits.depth).batch(limits.batch);
    let desk = Desk { engine: Arc::clone(&engine), asker, ambient, in_batch: false };
    match jsonrpc::decode_within(&body, limits) {
        Incoming::Single(message) => start(desk, &body, message).finish(engine).await,
        // Boxed, so that it takes no room in the futures of messages that are no batch.
        Incoming::Batch(items) => Box::pin(batch(desk, &body, items)).await,
    }
    .into_outbound()
}

fn start(desk: Desk, body: &Bytes, message: Result<Message<'_>, Malformed>) -> Started {
    match message {
        Ok(message) => message::start(desk, body, message),
        Err(malformed) => Started::Answered(refuse(&desk, &malformed)),
    }
}

/// A message that cannot be read is answered, and the connection goes on.
fn refuse(desk: &Desk, malformed: &Malformed) -> Answer {
    if malformed.response {
        if let (Some(connection), Some(id)) = (&desk.ambient.connection, &malformed.id) {
            connection.answer(id, Err(RpcError::from(malformed)));
        }
        return Answer { status: StatusCode::BAD_REQUEST, ..Answer::NOTHING };
    }
    let error = RpcError::from(malformed);
    Answer::error(era_of(desk), malformed.id.as_ref(), &error, StatusCode::BAD_REQUEST)
}

/// The era in whose words a message is answered that does not say its own.
fn era_of(desk: &Desk) -> Era {
    let negotiated = desk.ambient.connection.as_ref().and_then(|connection| connection.revision());
    negotiated.or(desk.engine.served.latest_stateless()).unwrap_or(Revision::V2026_07_28).era()
}

/// A message of a batch.
enum Item {
    Running(BoxFuture<'static, Answer>),
    Done(Answer),
}

/// Batches exist in one revision only ("JSON-RPC Batching"). Items run at the same time, their answers come in one array.
async fn batch(mut desk: Desk, body: &Bytes, items: Vec<Result<Message<'_>, Malformed>>) -> Answer {
    let era = era_of(&desk);
    if !era.batches() {
        let error =
            RpcError::invalid_request("this protocol revision has no batches; send the messages one by one");
        return Answer::error(era, None, &error, StatusCode::BAD_REQUEST);
    }
    desk.in_batch = true;
    let mut running: Vec<_> = items
        .into_iter()
        .map(|item| Item::Running(Box::pin(start(desk.clone(), body, item).finish(Arc::clone(&desk.engine)))))
        .collect();
    std::future::poll_fn(|cx| {
        let mut open = false;
        for item in &mut running {
            if let Item::Running(call) = item {
                match call.as_mut().poll(cx) {
                    Poll::Ready(answer) => *item = Item::Done(answer),
                    Poll::Pending => open = true,
                }
            }
        }
        if open { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    let answers = running.into_iter().filter_map(|item| match item {
        Item::Done(answer) => answer.body,
        Item::Running(_) => None,
    });
    match encode::batch(answers) {
        Some(body) => Answer::result(body),
        None => Answer::NOTHING,
    }
}
