use std::{sync::Arc, task::Poll};

use bytes::Bytes;
use http::StatusCode;
use toolwright_core::{
    joint::{ArrivalKind, BoxFuture, Inbound, Outbound},
    jsonrpc::{self, Incoming, Malformed, Message, RpcError, encode},
};

use super::{
    Answer,
    desk::Desk,
    message::{self, Started},
};
use crate::{connection::Connection, context::Ambient, engine::Engine, question::SharedAsker};

/// Serves one message or batch.
pub(crate) async fn serve(engine: Arc<Engine>, asker: Option<SharedAsker>, inbound: Inbound) -> Outbound {
    let Inbound {
        body, transport, outlet, session, lookup, principal, headers, extensions, uri, peer, ..
    } = inbound;
    let connection = session.and_then(Connection::of);
    let ambient = Ambient { transport, outlet, connection, principal, headers, extensions, uri, peer };
    let limits = engine.limits();
    let limits = jsonrpc::Limits::DEFAULT.depth(limits.depth).batch(limits.batch);
    let desk = Desk { engine: Arc::clone(&engine), asker, ambient, in_batch: false, lookup, assumed: None };
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
        Err(malformed) => Started::Answered(refuse(desk, &malformed)),
    }
}

/// A message that cannot be read is answered, and the connection goes on.
fn refuse(desk: Desk, malformed: &Malformed) -> Answer {
    let error = RpcError::from(malformed);
    if malformed.response {
        return message::response(desk, malformed.id.as_ref(), Err(error), StatusCode::BAD_REQUEST);
    }
    Answer::error(desk.words(), malformed.id.as_ref(), &error, StatusCode::BAD_REQUEST)
}

/// A message of a batch.
enum Item {
    Running(BoxFuture<'static, Answer>),
    Done(Answer),
}

/// Batches exist in one revision only ("JSON-RPC Batching"). Items run at the same time, their answers come in one array.
async fn batch(mut desk: Desk, body: &Bytes, items: Vec<Result<Message<'_>, Malformed>>) -> Answer {
    let refuse = |desk: &Desk, error| Answer::error(desk.words(), None, &error, StatusCode::BAD_REQUEST);
    if desk.is_http() {
        if desk.serves_claims_only() {
            return refuse(&desk, no_batches());
        }
        if let Err(error) = items.iter().try_for_each(|item| message::fits_batch(body, item)) {
            return refuse(&desk, error);
        }
    }
    if let Err(refused) = desk.stand(ArrivalKind::Batch, false) {
        return Answer::error(desk.words(), None, &refused.error, refused.status);
    }
    if !desk.words().batches() {
        return refuse(&desk, no_batches());
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

fn no_batches() -> RpcError {
    RpcError::invalid_request("this protocol revision has no batches; send the messages one by one")
}
