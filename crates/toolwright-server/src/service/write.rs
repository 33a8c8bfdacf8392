use serde::Deserialize;
use toolwright_core::{
    Raw,
    era::{Era, Labelled},
    jsonrpc::{Id, RpcError, encode},
    model::{CacheHint, CacheScope, EmptyResult, ListenResult},
};

use super::Answer;
use crate::{Context, Reply, ServerResult, engine::Engine};

/// Writes the answer to a request, as its era wants it.
pub(super) fn answer(engine: &Engine, context: &Context, id: &Id, reply: Reply) -> Answer {
    let era = context.era();
    let result = match reply {
        Reply::Result(result) => result,
        Reply::Error(error) => {
            let status = era.status_of_handler(error.code);
            return Answer::error(era, Some(id), &error, status);
        }
        Reply::Nothing => ServerResult::Empty,
    };
    let opened = matches!(result, ServerResult::Initialize(_));
    let writer = Writer { engine, era, id };
    let answer = Answer::result(match result {
        ServerResult::CallTool(result) => writer.write(result, None),
        ServerResult::Page(page) => encode::result(id, &page.encoded),
        ServerResult::ListTools(result) => writer.write(*result, None),
        ServerResult::ListResources(result) => writer.write(*result, None),
        ServerResult::ListResourceTemplates(result) => writer.write(*result, None),
        ServerResult::ListPrompts(result) => writer.write(*result, None),
        ServerResult::ReadResource(result, hint) => writer.write(*result, hint),
        ServerResult::GetPrompt(result) => writer.write(*result, None),
        ServerResult::Complete(result) => writer.write(*result, None),
        ServerResult::Discover(result) => writer.write(*result, None),
        ServerResult::Initialize(result) => writer.write(*result, None),
        ServerResult::InputRequired(result) => writer.write(*result, None),
        ServerResult::Empty => writer.write(EmptyResult::new(), None),
        ServerResult::Listened => {
            let result = serde_json::to_vec(&ListenResult::new(id)).expect("an id can always be written");
            encode::result(id, &result)
        }
        ServerResult::Other(raw) => era.label_raw(id, &raw, &engine.signature),
    });
    Answer { opened, ..answer }
}

/// What the answer to a request would say, as its era wants it.
pub(super) fn outcome(engine: &Engine, context: &Context, reply: Reply) -> Result<Raw, RpcError> {
    #[derive(Deserialize)]
    struct Response {
        result: Raw,
    }

    let reply = match reply {
        Reply::Error(error) => return Err(error),
        reply => reply,
    };
    let body = answer(engine, context, &Id::Integer(0), reply).body.expect("a request has an answer");
    let response: Response =
        serde_json::from_slice(&body).expect("the answer was written as a response just now");
    Ok(response.result)
}

struct Writer<'a> {
    engine: &'a Engine,
    era: Era,
    id: &'a Id,
}

impl Writer<'_> {
    fn write<R: Labelled>(&self, result: R, hint: Option<CacheHint>) -> bytes::Bytes {
        let hint = hint.unwrap_or(CacheHint::new(0, CacheScope::Private));
        self.era.response(self.id, result, hint, &self.engine.signature)
    }
}
