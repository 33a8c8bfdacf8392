//! The client's end of a byte stream.
use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream, duplex},
    sync::mpsc,
    task::JoinHandle,
};
use toolwright_core::{
    joint::{
        Attach, BoxFuture, Closed, Connect as _, Incoming, Link, LinkError, Mute, Outgoing, Outlet, SendError,
    },
    jsonrpc::encode,
};
use toolwright_stdio::{Error, Options, Pipe, serve_io};

use crate::{
    double::{Double, State},
    wire::held,
};

/// Keeps what the server sends on its own.
struct Inlet(mpsc::UnboundedSender<Value>);

impl Outlet for Inlet {
    fn try_send(&self, message: Bytes) -> Result<(), SendError> {
        Ok(self.0.send(serde_json::from_slice(&message).unwrap()).map_err(|_| Closed)?)
    }

    fn send(&self, message: Bytes) -> BoxFuture<'_, Result<(), Closed>> {
        Box::pin(async move { self.try_send(message).map_err(|_| Closed) })
    }
}

fn request(id: i64, method: &str, params: Value) -> Outgoing {
    Outgoing::request(id.into(), encode::request(&id.into(), method, &params).unwrap())
}

fn body(answer: Result<Incoming, LinkError>) -> Value {
    serde_json::from_slice(&answer.unwrap().body.unwrap()).unwrap()
}

struct Pair {
    link: Arc<dyn Link>,
    inlet: mpsc::UnboundedReceiver<Value>,
    state: Arc<State>,
    server: JoinHandle<Result<(), Error>>,
}

async fn pair() -> Pair {
    let (to, reader) = duplex(1024);
    let (writer, from) = duplex(1024);
    let double = Double::default();
    let state = double.state();
    let server = tokio::spawn(serve_io(Arc::new(double), reader, writer, Options::new()));
    let (send, inlet) = mpsc::unbounded_channel();
    let link = Pipe::new(from, to).connect(Attach::new(Arc::new(Inlet(send)))).await.unwrap();
    Pair { link, inlet, state, server }
}

/// A pipe to a server that the test plays.
async fn raw() -> (Arc<dyn Link>, BufReader<DuplexStream>, DuplexStream, mpsc::UnboundedReceiver<Value>) {
    let (to, reader) = duplex(1024);
    let (writer, from) = duplex(1024);
    let (send, inlet) = mpsc::unbounded_channel();
    let link = Pipe::new(from, to).longest(1000).connect(Attach::new(Arc::new(Inlet(send)))).await.unwrap();
    (link, BufReader::new(reader), writer, inlet)
}

#[tokio::test]
async fn answers_find_their_requests_in_any_order() {
    let pair = pair().await;
    let slow = tokio::spawn(pair.link.exchange(request(1, "hold", json!({}))));
    held(&pair.state, 1).await;
    assert_eq!(
        body(pair.link.exchange(request(2, "echo", json!({ "a": 1 }))).await)["result"],
        json!({ "a": 1 })
    );
    let opened =
        pair.link.exchange(Outgoing::notice(encode::notification("open", &()).unwrap())).await.unwrap();
    assert_eq!((opened.body, opened.status), (None, None));
    assert_eq!(body(slow.await.unwrap()), json!({ "jsonrpc": "2.0", "id": 1, "result": "released" }));
    assert!(pair.link.announces_cancel());
}

#[tokio::test]
async fn what_is_no_answer_goes_to_the_inlet() {
    let mut pair = pair().await;
    let answer = tokio::spawn(pair.link.exchange(request(1, "ask", json!({}))));
    assert_eq!(pair.inlet.recv().await.unwrap()["id"], "question of 1");
    let reply = encode::result(&"question of 1".into(), b"{}");
    pair.link.exchange(Outgoing::notice(reply)).await.unwrap();
    assert_eq!(body(answer.await.unwrap())["result"], "{}");
}

#[tokio::test]
async fn closing_lets_the_server_finish() {
    let pair = pair().await;
    let listen = tokio::spawn(pair.link.exchange(request(1, "listen", json!({}))));
    held(&pair.state, 1).await;
    pair.link.close().await;
    assert_eq!(body(listen.await.unwrap())["result"], "drained");
    pair.server.await.unwrap().unwrap();
    assert!(matches!(pair.link.exchange(request(2, "echo", json!({}))).await, Err(LinkError::Closed)));
    pair.link.close().await;
}

#[tokio::test]
async fn everybody_who_waits_learns_that_the_server_is_gone() {
    let (link, mut reader, writer, _inlet) = raw().await;
    let one = tokio::spawn(link.exchange(request(1, "echo", json!({}))));
    let two = tokio::spawn(link.exchange(request(2, "echo", json!({}))));
    for _ in 0..2 {
        reader.read_line(&mut String::new()).await.unwrap();
    }
    drop(writer);
    assert!(matches!(one.await.unwrap(), Err(LinkError::Closed)));
    assert!(matches!(two.await.unwrap(), Err(LinkError::Closed)));
    assert!(matches!(link.exchange(request(3, "echo", json!({}))).await, Err(LinkError::Closed)));
}

#[tokio::test]
async fn lines_that_are_no_messages_are_skipped_and_batches_are_taken_apart() {
    let (link, mut reader, mut writer, mut inlet) = raw().await;
    let one = tokio::spawn(link.exchange(request(1, "echo", json!({}))));
    let two = tokio::spawn(link.exchange(request(2, "echo", json!({}))));
    for _ in 0..2 {
        reader.read_line(&mut String::new()).await.unwrap();
    }
    let lines = concat!(
        "Server is listening!\n",
        r#"{"jsonrpc":"2.0","id":99,"result":"for nobody"}"#,
        "\n",
        r#"[{"jsonrpc":"2.0","id":2,"result":[1, 2]},{"jsonrpc":"2.0","method":"note"},{"jsonrpc":"2.0","id":1.0,"error":{"code":1,"message":"no"}}]"#,
        "\n",
    );
    writer.write_all(lines.as_bytes()).await.unwrap();
    assert_eq!(body(one.await.unwrap())["error"]["message"], "no");
    assert_eq!(body(two.await.unwrap())["result"], json!([1, 2]));
    assert_eq!(inlet.recv().await.unwrap()["method"], "note");
}

#[tokio::test]
async fn a_request_given_up_has_no_answer() {
    let (link, mut reader, mut writer, _inlet) = raw().await;
    let one = tokio::spawn(link.exchange(request(1, "echo", json!({}))));
    reader.read_line(&mut String::new()).await.unwrap();
    one.abort();
    assert!(one.await.unwrap_err().is_cancelled());
    let again = tokio::spawn(link.exchange(request(2, "echo", json!({}))));
    reader.read_line(&mut String::new()).await.unwrap();
    writer
        .write_all(
            b"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}\n{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":2}\n",
        )
        .await
        .unwrap();
    assert_eq!(body(again.await.unwrap())["result"], 2);
}

#[tokio::test]
async fn a_message_beyond_the_limit_ends_the_connection() {
    let (link, mut reader, mut writer, _inlet) = raw().await;
    let one = tokio::spawn(link.exchange(request(1, "echo", json!({}))));
    reader.read_line(&mut String::new()).await.unwrap();
    writer.write_all(&[b' '; 1002]).await.unwrap();
    writer.write_all(b"\n").await.unwrap();
    assert!(matches!(one.await.unwrap(), Err(LinkError::TooLarge { limit: 1000 })));
}

#[tokio::test]
async fn a_pipe_connects_once() {
    let (to, from) = duplex(16);
    let pipe = Pipe::new(from, to);
    pipe.connect(Attach::new(Arc::new(Mute))).await.unwrap();
    let error = pipe.connect(Attach::new(Arc::new(Mute))).await.err().unwrap();
    assert_eq!(
        error.to_string(),
        "cannot connect to a pipe: it was connected before, and there is nothing to open again"
    );
}
