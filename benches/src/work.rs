//! The work of the cases.
use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use toolwright_client::Client;
use toolwright_core::joint::{Endpoint, Inbound, Mute, Outlet, Session, Transport};
use toolwright_server::Server;

use crate::{
    case::{Asked, Connected},
    fixture,
    limit::{Limit, read_sum},
    message::{HANDSHAKE, Speech, add, request},
};

/// A request, and the one answer it always gets. Everything is ready at its first poll, so there is no runtime.
pub(crate) struct Exchange {
    server: Server,
    outlet: Arc<dyn Outlet>,
    session: Option<Arc<dyn Session>>,
    request: Bytes,
    expected: Bytes,
}

impl Exchange {
    pub(crate) fn open(speech: Speech, connected: Connected, asked: Asked, tools: usize) -> Self {
        let server = fixture::server(tools);
        let outlet: Arc<dyn Outlet> = Arc::new(Mute);
        let session = (connected == Connected::Yes).then(|| server.open(Arc::clone(&outlet)));
        let (method, members) = match asked {
            Asked::Add => ("tools/call", r#""name":"add","arguments":{"a":2,"b":3}"#),
            Asked::List => ("tools/list", ""),
            Asked::Read => ("resources/read", r#""uri":"notes://today""#),
            Asked::Prompt => ("prompts/get", r#""name":"review","arguments":{"text":"fn main() {}"}"#),
        };
        let request = request(speech, 1, method, members).into();
        let mut exchange = Self { server, outlet, session, request, expected: Bytes::new() };
        if speech == Speech::Legacy {
            for message in HANDSHAKE {
                exchange.send(&Bytes::from(message));
            }
        }
        exchange.expected = exchange.send(&exchange.request).expect("a request is answered");
        check(speech, asked, tools, &exchange.expected);
        exchange
    }

    pub(crate) fn run(&self, times: usize) {
        for _ in 0..times {
            let answer = self.send(&self.request);
            assert_eq!(answer.as_ref(), Some(&self.expected), "the answer is always the same");
        }
    }

    fn send(&self, body: &Bytes) -> Option<Bytes> {
        let mut inbound = Inbound::new(body.clone(), Transport::Stdio, Arc::clone(&self.outlet));
        if let Some(session) = &self.session {
            inbound = inbound.session(Arc::clone(session));
        }
        let mut answer = pin!(self.server.call(inbound));
        match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outbound) => outbound.body,
            Poll::Pending => panic!("nothing here waits"),
        }
    }
}

fn check(speech: Speech, asked: Asked, tools: usize, answer: &[u8]) {
    let answer: Value = serde_json::from_slice(answer).expect("an answer is JSON");
    let result = &answer["result"];
    match asked {
        Asked::Add => match speech {
            Speech::Modern => assert_eq!(result["structuredContent"], 5, "{answer}"),
            Speech::Legacy => assert_eq!(result["structuredContent"], json!({ "result": 5 }), "{answer}"),
        },
        Asked::List => assert_eq!(result["tools"].as_array().map(Vec::len), Some(tools), "{answer}"),
        Asked::Read => assert_eq!(result["contents"][0]["text"], "Be kind.", "{answer}"),
        Asked::Prompt => assert!(result["messages"][0]["content"]["text"].is_string(), "{answer}"),
    }
}

/// A client that is connected to a server in the same process.
pub(crate) struct InProcess {
    runtime: Runtime,
    client: Client,
}

#[derive(serde::Serialize)]
struct Add {
    a: i64,
    b: i64,
}

impl InProcess {
    pub(crate) fn open(tools: usize) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime with a clock needs nothing of the system");
        let client = runtime.block_on(Client::connect(fixture::server(tools))).expect("the server is there");
        let work = Self { runtime, client };
        work.run(1);
        work
    }

    pub(crate) fn run(&self, times: usize) {
        self.runtime.block_on(async {
            for _ in 0..times {
                let outcome = self.client.call("add", Add { a: 2, b: 3 }).await.expect("add answers");
                let sum: i64 = outcome.data().expect("a sum is a number");
                assert_eq!(sum, 5);
            }
        });
    }
}

/// The same by hand: the request written, answered, and the answer parsed.
pub(crate) fn round_trips(times: usize) {
    let limit = Limit::new(String::new());
    for _ in 0..times {
        let request = add(Speech::Modern, 1, 2, 3);
        let mut answer = Vec::with_capacity(256);
        limit.answer(request.as_bytes(), &mut answer).expect("the limit answers");
        let sum = read_sum(Speech::Modern, &answer).expect("the answer can be read");
        assert_eq!(sum, (1, 5));
    }
}
