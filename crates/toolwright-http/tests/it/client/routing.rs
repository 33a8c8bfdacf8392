//! Answers that come on another stream than the response to their request.
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, body::Bytes, routing::post};
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use toolwright_client::Client;
use toolwright_core::{
    era::Revision,
    joint::{Incoming, Link, LinkError},
};
use toolwright_http::client::Http;

use super::script::{Answer, Inbox, Script, Speaker, Step, event, request};

const NOTE: &str = r#"{"jsonrpc":"2.0","method":"notifications/message","params":{}}"#;

type Exchange = JoinHandle<Result<Incoming, LinkError>>;

/// A session whose first answers are those to `initialize` and to the GET for its own stream, and then `answers`.
async fn session(own: Answer, answers: impl IntoIterator<Item = Answer>) -> (Script, Arc<dyn Link>, Inbox) {
    let opened = Answer::done().header("mcp-session-id", "abc-1");
    let script = Script::new([opened, own].into_iter().chain(answers));
    let (link, inbox) = script.connect().await;
    link.exchange(request(1, "initialize")).await.unwrap();
    link.settled(Revision::V2025_06_18);
    script.requests(2).await;
    (script, link, inbox)
}

/// Sends the request `id`, which is the `count`th of the script, and does not wait for its answer.
async fn send(script: &Script, link: &Arc<dyn Link>, id: i64, count: usize) -> Exchange {
    let exchange = tokio::spawn(link.exchange(request(id, "tools/call")));
    script.requests(count).await;
    exchange
}

fn answer(id: i64) -> String {
    json!({ "jsonrpc": "2.0", "id": id, "result": {} }).to_string()
}

async fn text(exchange: Exchange) -> String {
    String::from_utf8(exchange.await.unwrap().unwrap().body.unwrap().into()).unwrap()
}

fn hanging() -> Answer {
    Answer::events("").then(Step::Hang)
}

#[tokio::test]
async fn an_answer_on_the_sessions_own_stream_ends_the_request() {
    let ((own, session_stream), (first, first_stream)) = (Answer::live(), Answer::live());
    let (script, link, inbox) = session(own, [first]).await;
    let exchange = send(&script, &link, 2, 3).await;
    session_stream.say(event(&answer(2)));
    assert_eq!(text(exchange).await, answer(2));
    first_stream.gone().await;
    assert!(inbox.is_empty());
}

#[tokio::test]
async fn an_error_is_an_answer_wherever_it_comes() {
    let (own, stream) = Answer::live();
    let (script, link, _inbox) = session(own, [hanging()]).await;
    let exchange = send(&script, &link, 2, 3).await;
    let refused = r#"{"jsonrpc":"2.0","id":2,"error":{"code":-32603,"message":"no"}}"#;
    stream.say(event(refused));
    assert_eq!(text(exchange).await, refused);
}

#[tokio::test]
async fn an_answer_on_the_stream_of_another_request_reaches_its_own() {
    let (own, _stream) = Answer::live();
    let (first, first_stream) = Answer::live();
    let (script, link, inbox) = session(own, [first, hanging()]).await;
    let one = send(&script, &link, 2, 3).await;
    let two = send(&script, &link, 3, 4).await;
    first_stream.say(event(&answer(3)));
    assert_eq!(text(two).await, answer(3));
    assert!(!one.is_finished());
    first_stream.say(event(&answer(2)));
    assert_eq!(text(one).await, answer(2));
    assert!(inbox.is_empty());
}

#[tokio::test]
async fn an_answer_after_the_one_that_the_stream_was_for_reaches_its_request() {
    let (own, _stream) = Answer::live();
    let (first, first_stream) = Answer::live();
    let (script, link, _inbox) = session(own, [first, hanging()]).await;
    let one = send(&script, &link, 2, 3).await;
    let two = send(&script, &link, 3, 4).await;
    first_stream.say(event(&answer(2)) + &event(&answer(3)));
    assert_eq!((text(one).await, text(two).await), (answer(2), answer(3)));
}

#[tokio::test(start_paused = true)]
async fn an_answer_on_a_resumed_stream_reaches_its_request() {
    let (own, _stream) = Answer::live();
    let primed = Answer::events("retry: 500\nid: s-1\ndata:\n\n");
    let resumed = Answer::events(event(&answer(3)) + &event(&answer(2)));
    let (script, link, _inbox) = session(own, [primed, hanging(), resumed]).await;
    let one = send(&script, &link, 2, 3).await;
    let two = send(&script, &link, 3, 4).await;
    assert_eq!((text(one).await, text(two).await), (answer(2), answer(3)));
    assert_eq!(script.seen()[4].header("last-event-id"), Some("s-1"));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_waits_to_resume_its_stream_takes_an_answer_from_elsewhere() {
    let (own, stream) = Answer::live();
    let primed = Answer::events("retry: 3600000\nid: s-1\ndata:\n\n");
    let (script, link, _inbox) = session(own, [primed]).await;
    let exchange = send(&script, &link, 2, 3).await;
    stream.say(event(&answer(2)));
    assert_eq!(text(exchange).await, answer(2));
    assert_eq!(script.seen().len(), 3);
}

#[tokio::test]
async fn a_batch_has_answers_to_several_requests() {
    let (own, stream) = Answer::live();
    let (script, link, mut inbox) = session(own, [hanging(), hanging()]).await;
    let one = send(&script, &link, 2, 3).await;
    let two = send(&script, &link, 3, 4).await;
    let batch = format!("[{},{NOTE},{}]", answer(3), answer(2));
    stream.say(event(&batch));
    assert_eq!((text(one).await, text(two).await), (answer(2), answer(3)));
    assert_eq!(inbox.next().await, batch);
}

#[tokio::test]
async fn a_batch_on_the_stream_of_one_request_answers_others_too() {
    let (own, _stream) = Answer::live();
    let (first, first_stream) = Answer::live();
    let (script, link, _inbox) = session(own, [first, hanging()]).await;
    let one = send(&script, &link, 2, 3).await;
    let two = send(&script, &link, 3, 4).await;
    let batch = format!("[{},{}]", answer(3), answer(2));
    first_stream.say(event(&batch));
    assert_eq!((text(one).await, text(two).await), (batch, answer(3)));
}

#[tokio::test]
async fn a_second_answer_and_one_to_an_unknown_request_are_dropped() {
    let (own, stream) = Answer::live();
    let json = Answer::json(answer(2));
    let (script, link, mut inbox) = session(own, [json, hanging()]).await;
    let one = send(&script, &link, 2, 3).await;
    assert_eq!(text(one).await, answer(2));
    let two = send(&script, &link, 3, 4).await;
    stream.say(
        event(&answer(2)) + &event(&answer(77)) + &event(&answer(3)) + &event(&answer(3)) + &event(NOTE),
    );
    assert_eq!(text(two).await, answer(3));
    assert_eq!(inbox.next().await, NOTE);
    assert!(inbox.is_empty());
}

#[tokio::test]
async fn a_late_answer_to_a_request_that_was_given_up_is_dropped() {
    let (own, stream) = Answer::live();
    let (script, link, mut inbox) = session(own, [Answer::status(202)]).await;
    let exchange = send(&script, &link, 2, 3).await;
    exchange.abort();
    assert!(exchange.await.unwrap_err().is_cancelled());
    stream.say(event(&answer(2)) + &event(NOTE));
    assert_eq!(inbox.next().await, NOTE);
    assert!(inbox.is_empty());
}

#[tokio::test]
async fn a_request_that_was_only_accepted_is_answered_on_the_sessions_own_stream() {
    let (own, stream) = Answer::live();
    let (script, link, _inbox) = session(own, [Answer::status(202)]).await;
    let exchange = send(&script, &link, 2, 3).await;
    tokio::task::yield_now().await;
    assert!(!exchange.is_finished());
    stream.say(event(&answer(2)));
    assert_eq!(text(exchange).await, answer(2));
}

#[tokio::test]
async fn a_request_that_was_only_accepted_has_no_answer_where_no_stream_could_bring_it() {
    let (script, link, _inbox) = session(Answer::status(405), [Answer::status(202)]).await;
    let accepted = send(&script, &link, 2, 3).await.await.unwrap().unwrap();
    assert_eq!((accepted.body, accepted.status.unwrap().as_u16()), (None, 202));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_only_accepted_has_no_answer_once_the_stream_is_gone() {
    let (own, stream) = Answer::live();
    let (script, link, _inbox) = session(own, [Answer::status(202), Answer::status(405)]).await;
    let exchange = send(&script, &link, 2, 3).await;
    drop(stream);
    let accepted = exchange.await.unwrap().unwrap();
    assert_eq!((accepted.body, accepted.status.unwrap().as_u16()), (None, 202));
    assert_eq!(script.seen().len(), 4, "the stream was asked for again");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_only_accepted_waits_while_the_stream_is_opened_again() {
    let ((own, stream), (again, stream_again)) = (Answer::live(), Answer::live());
    let (script, link, _inbox) = session(own, [Answer::status(202), Answer::status(503), again]).await;
    let exchange = send(&script, &link, 2, 3).await;
    drop(stream);
    script.requests(5).await;
    stream_again.say(event(&answer(2)));
    assert_eq!(text(exchange).await, answer(2));
}

#[tokio::test(start_paused = true)]
async fn an_answer_may_come_a_moment_later_than_its_own_stream_ends() {
    let (own, stream) = Answer::live();
    let (script, link, _inbox) = session(own, [Answer::events(event(NOTE))]).await;
    let exchange = send(&script, &link, 2, 3).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    stream.say(event(&answer(2)));
    assert_eq!(text(exchange).await, answer(2));
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_ends_without_the_answer_is_a_lost_connection_all_the_same() {
    let (own, _stream) = Answer::live();
    let (script, link, _inbox) = session(own, [Answer::events(event(NOTE))]).await;
    let lost = send(&script, &link, 2, 3).await.await.unwrap();
    assert!(matches!(lost, Err(LinkError::Closed)), "{lost:?}");
}

#[tokio::test]
async fn outside_of_a_session_each_answer_comes_on_its_own_response() {
    let ((first, first_stream), (second, second_stream)) = (Answer::live(), Answer::live());
    let script = Script::new([Answer::done(), first, second]);
    let (link, mut inbox) = script.connect().await;
    link.exchange(request(1, "server/discover")).await.unwrap();
    link.settled(Revision::V2026_07_28);
    let one = send(&script, &link, 2, 2).await;
    let two = send(&script, &link, 3, 3).await;
    first_stream.say(event(&answer(3)));
    assert_eq!(inbox.next().await, answer(3), "as something that nobody asked for");
    assert!(!two.is_finished());
    second_stream.say(event(&answer(3)));
    first_stream.say(event(&answer(2)));
    assert_eq!((text(one).await, text(two).await), (answer(2), answer(3)));
}

#[tokio::test]
async fn the_first_request_of_all_is_answered_by_its_own_response_only() {
    let script = Script::new([Answer::status(202)]);
    let (link, _inbox) = script.connect().await;
    let accepted = link.exchange(request(1, "initialize")).await.unwrap();
    assert_eq!((accepted.body, accepted.status.unwrap().as_u16()), (None, 202));
}

/// A server that accepts every request and answers it on the stream of the session.
fn detached() -> Router {
    let (stream, speaker) = Answer::live();
    let (stream, speaker) = (Arc::new(Mutex::new(Some(stream))), Arc::new(speaker));
    let get = move || {
        let stream = stream.lock().unwrap().take();
        async move { stream.unwrap_or_else(|| Answer::status(405)) }
    };
    let posted = move |body: Bytes| {
        let answer = answer_of_detached(&speaker, &serde_json::from_slice(&body).unwrap());
        async move { answer }
    };
    Router::new().route("/mcp", post(posted).get(get))
}

fn answer_of_detached(speaker: &Speaker, message: &Value) -> Answer {
    let answer = |result: Value| json!({ "jsonrpc": "2.0", "id": message["id"], "result": result });
    match message["method"].as_str().unwrap() {
        "initialize" => Answer::json(answer(json!({
            "protocolVersion": "2025-06-18",
            "capabilities": { "tools": {} },
            "serverInfo": { "name": "detached", "version": "1" },
        })))
        .header("mcp-session-id", "abc-1"),
        "notifications/initialized" => Answer::status(202),
        "tools/call" => {
            let result = json!({ "content": [{ "type": "text", "text": "hi" }] });
            speaker.say(event(&answer(result).to_string()));
            Answer::status(202)
        }
        _ => Answer::status(400),
    }
}

#[tokio::test]
async fn a_client_works_with_a_server_that_answers_on_the_sessions_own_stream_only() {
    let client = Client::connect(Http::in_process(detached(), "/mcp")).await.unwrap();
    for _ in 0..3 {
        assert_eq!(client.call("hello", json!({})).await.unwrap().text(), "hi");
    }
    client.close().await;
}
