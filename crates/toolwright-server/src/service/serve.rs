use std::{
    future::{poll_fn, ready},
    sync::Arc,
    task::Poll,
};

use bytes::Bytes;
use http::StatusCode;
use toolwright_core::{
    joint::{ArrivalKind, BoxFuture, Inbound, Outbound},
    jsonrpc::{self, Incoming, Malformed, Message, RpcError, encode},
};

use super::{Answer, desk::Desk, message, request};
use crate::{connection::Connection, context::Ambient, engine::Engine, question::SharedAsker};

/// Serves one message or batch. It is read and judged at once; what is left to run is the future, which thereby stays small.
pub(crate) fn serve(
    engine: &Arc<Engine>,
    asker: Option<&SharedAsker>,
    inbound: Inbound,
) -> BoxFuture<'static, Outbound> {
    let Inbound {
        body, transport, outlet, session, lookup, principal, headers, extensions, uri, peer, ..
    } = inbound;
    let connection = session.and_then(Connection::of);
    let ambient = Ambient { transport, outlet, connection, principal, headers, extensions, uri, peer };
    let limits = engine.limits();
    let limits = jsonrpc::Limits::DEFAULT.depth(limits.depth).batch(limits.batch);
    let desk = Desk {
        engine: Arc::clone(engine),
        asker: asker.cloned(),
        ambient,
        in_batch: false,
        lookup,
        assumed: None,
    };
    match jsonrpc::decode_within(&body, limits) {
        Incoming::Single(message) => start(desk, &body, message),
        Incoming::Batch(items) => match batch(desk, &body, items) {
            Ok(running) => Box::pin(together(running)),
            Err(answer) => answered(answer),
        },
    }
}

/// Judges a message, and begins to serve it.
fn start(
    mut desk: Desk,
    body: &Bytes,
    message: Result<Message<'_>, Malformed>,
) -> BoxFuture<'static, Outbound> {
    let judged = match message {
        Ok(message) => message::judge(&mut desk, body, message),
        Err(malformed) => Err(refuse(&mut desk, &malformed)),
    };
    match judged {
        Ok(accepted) if accepted.id.is_some() => Box::pin(request::run(accepted.call(desk, body))),
        Ok(accepted) => Box::pin(request::notify(accepted.call(desk, body))),
        Err(answer) => answered(answer),
    }
}

fn answered(answer: Answer) -> BoxFuture<'static, Outbound> {
    Box::pin(ready(answer.into_outbound()))
}

/// A message that cannot be read is answered, and the connection goes on.
fn refuse(desk: &mut Desk, malformed: &Malformed) -> Answer {
    let error = RpcError::from(malformed);
    if malformed.response {
        return message::response(desk, malformed.id.as_ref(), Err(error), StatusCode::BAD_REQUEST);
    }
    Answer::error(desk.words(), malformed.id.as_ref(), &error, StatusCode::BAD_REQUEST)
}

/// A message of a batch.
enum Item {
    Running(BoxFuture<'static, Outbound>),
    Done(Option<Bytes>),
}

/// Batches exist in one revision only ("JSON-RPC Batching"). Begins to serve all items.
fn batch(
    mut desk: Desk,
    body: &Bytes,
    items: Vec<Result<Message<'_>, Malformed>>,
) -> Result<Vec<Item>, Answer> {
    let refuse = |desk: &Desk, error| Answer::error(desk.words(), None, &error, StatusCode::BAD_REQUEST);
    if desk.is_http() {
        if desk.serves_claims_only() {
            return Err(refuse(&desk, no_batches()));
        }
        if let Err(error) = items.iter().try_for_each(|item| message::fits_batch(body, item)) {
            return Err(refuse(&desk, error));
        }
    }
    if let Err(refused) = desk.stand(ArrivalKind::Batch, false) {
        return Err(Answer::error(desk.words(), None, &refused.error, refused.status));
    }
    if !desk.words().batches() {
        return Err(refuse(&desk, no_batches()));
    }
    desk.in_batch = true;
    Ok(items.into_iter().map(|item| Item::Running(start(desk.clone(), body, item))).collect())
}

/// Runs the items of a batch at the same time. Their answers come in one array.
async fn together(mut items: Vec<Item>) -> Outbound {
    poll_fn(|cx| {
        let mut open = false;
        for item in &mut items {
            if let Item::Running(call) = item {
                match call.as_mut().poll(cx) {
                    Poll::Ready(answer) => *item = Item::Done(answer.body),
                    Poll::Pending => open = true,
                }
            }
        }
        if open { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    let answers = items.into_iter().filter_map(|item| match item {
        Item::Done(answer) => answer,
        Item::Running(_) => None,
    });
    encode::batch(answers).map_or(Answer::NOTHING, Answer::result).into_outbound()
}

fn no_batches() -> RpcError {
    RpcError::invalid_request("this protocol revision has no batches; send the messages one by one")
}
