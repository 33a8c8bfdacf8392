//! One message, and what comes back.
use toolwright_core::joint::LinkError;
use toolwright_http::client::Http;

use super::script::{Answer, RESULT, Script, Step, call, event, notice};

const NOTE: &str = r#"{"jsonrpc":"2.0","method":"notifications/message","params":{}}"#;

/// What a call is answered with.
async fn answer(answer: Answer) -> Result<(Option<String>, u16), LinkError> {
    let (link, _inbox) = Script::new([answer]).connect().await;
    link.exchange(call("tools/call")).await.map(|incoming| {
        let body = incoming.body.map(|body| String::from_utf8(body.into()).unwrap());
        (body, incoming.status.unwrap().as_u16())
    })
}

async fn error(one: Answer) -> LinkError {
    answer(one).await.unwrap_err()
}

#[tokio::test]
async fn a_json_body_is_the_answer_in_however_many_pieces() {
    assert_eq!(answer(Answer::done()).await.unwrap(), (Some(RESULT.to_owned()), 200));
    let (one, two) = RESULT.split_at(9);
    assert_eq!(answer(Answer::json(one).data(two).data("")).await.unwrap().0.unwrap(), RESULT);
}

#[tokio::test]
async fn events_are_read_wherever_they_are_cut() {
    let text = format!(": hello\r\n\r\n{}{}", event(NOTE), event(RESULT));
    for cut in 0..=text.len() {
        let (one, two) = text.split_at(cut);
        let script = Script::new([Answer::events(one.to_owned()).data(two.to_owned())]);
        let (link, mut inbox) = script.connect().await;
        assert_eq!(link.exchange(call("tools/call")).await.unwrap().body.unwrap(), RESULT, "cut at {cut}");
        assert_eq!(inbox.next().await, NOTE);
        assert!(inbox.is_empty());
    }
}

#[tokio::test]
async fn messages_after_the_answer_are_delivered() {
    let script = Script::new([Answer::events(event(RESULT) + &event(NOTE)).data(event(NOTE))]);
    let (link, mut inbox) = script.connect().await;
    link.exchange(call("tools/call")).await.unwrap();
    assert_eq!([inbox.next().await, inbox.next().await], [NOTE, NOTE]);
}

#[tokio::test]
async fn an_answer_to_another_request_answers_nothing() {
    let other = r#"{"jsonrpc":"2.0","id":2,"result":{}}"#;
    assert_eq!(answer(Answer::events(event(other) + &event(RESULT))).await.unwrap().0.unwrap(), RESULT);
    assert!(matches!(error(Answer::events(event(other))).await, LinkError::Closed));
}

#[tokio::test]
async fn a_stream_that_ends_or_breaks_before_the_answer_is_a_lost_connection() {
    for lost in [
        Answer::events(""),
        Answer::events(event(NOTE)),
        Answer::events(event(RESULT).trim_end().to_owned()),
        Answer::events(event(NOTE)).then(Step::Break),
        Answer::json("{").then(Step::Break),
    ] {
        let error = error(lost).await;
        assert!(matches!(error, LinkError::Closed | LinkError::Io(_)), "{error}");
    }
}

#[tokio::test]
async fn a_stream_of_other_things_says_what_is_wrong_with_them() {
    let error = error(Answer::events(event("<html>"))).await;
    assert!(matches!(error, LinkError::Malformed(_)), "{error}");
}

#[tokio::test]
async fn a_refusal_comes_with_its_status_and_whatever_body_it_has() {
    let body = r#"{"jsonrpc":"2.0","error":{"code":-32600,"message":"no"}}"#;
    for status in [400, 401, 403, 404, 429, 500, 503] {
        let refusal = Answer::status(status).header("content-type", "application/json").data(body);
        assert_eq!(answer(refusal).await.unwrap(), (Some(body.to_owned()), status));
        assert_eq!(answer(Answer::status(status)).await.unwrap(), (None, status));
    }
}

#[tokio::test]
async fn a_message_without_an_answer_is_accepted_by_any_success() {
    let script = Script::new([Answer::status(202), Answer::status(204), Answer::events("").then(Step::Hang)]);
    let (link, _inbox) = script.connect().await;
    for status in [202, 204, 200] {
        let accepted = link.exchange(notice()).await.unwrap();
        assert_eq!((accepted.body, accepted.status.unwrap().as_u16()), (None, status));
    }
    assert_eq!(answer(Answer::status(202)).await.unwrap(), (None, 202));
}

#[tokio::test]
async fn another_content_type_is_refused_with_what_was_expected() {
    let page = Answer::status(200).header("content-type", "text/html").data("<html>");
    let text = error(page).await.to_string();
    assert!(text.contains("`application/json`") && text.contains("`text/html`"), "{text}");
}

#[tokio::test]
async fn an_encoding_that_was_not_asked_for_is_refused() {
    for packed in [Answer::done(), Answer::events(event(RESULT))] {
        let text = error(packed.header("content-encoding", "gzip")).await.to_string();
        assert!(text.contains("encoded (`gzip`)"), "{text}");
    }
    let plain = Answer::done().header("content-encoding", "Identity");
    assert_eq!(answer(plain).await.unwrap().0.unwrap(), RESULT);
}

#[tokio::test]
async fn a_redirect_is_an_error_that_names_its_target_and_is_not_followed() {
    let script = Script::new([Answer::status(308).header("location", "https://evil.example/mcp")]);
    let (link, _inbox) = script.connect().await;
    let error = link.exchange(call("tools/call")).await.unwrap_err();
    assert!(error.to_string().contains("`https://evil.example/mcp`"), "{error}");
    assert_eq!(script.seen().len(), 1);
}

#[tokio::test]
async fn what_is_too_long_is_refused_while_it_is_read() {
    let long = "x".repeat(300);
    for large in [
        Answer::json(&long).then(Step::Hang),
        Answer::json("x").data("x".repeat(250)).then(Step::Hang),
        Answer::events(event(&long)).then(Step::Hang),
        Answer::events(format!("data: {long}")).then(Step::Hang),
    ] {
        let http = Script::new([large]).http().longest(200);
        let (link, _inbox) = super::script::connect(http).await;
        let error = link.exchange(call("tools/call")).await.unwrap_err();
        assert!(matches!(error, LinkError::TooLarge { limit: 200 }), "{error}");
    }
}

#[tokio::test]
async fn a_client_that_does_not_take_its_messages_holds_up_the_stream() {
    let many: String = (0..100).map(|_| event(NOTE)).collect();
    let (link, mut inbox) = Script::new([Answer::events(many + &event(RESULT))]).connect().await;
    let exchange = tokio::spawn(link.exchange(call("tools/call")));
    tokio::task::yield_now().await;
    assert!(!exchange.is_finished());
    for _ in 0..100 {
        inbox.next().await;
    }
    exchange.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_request_has_the_headers_of_the_transport_the_protocol_and_the_user() {
    let script = Script::new([Answer::done()]);
    let http = script.http().header("x-tenant", "acme").user_agent("test/1");
    let (link, _inbox) = super::script::connect(http).await;
    let mut headers = http::HeaderMap::new();
    headers.insert("mcp-method", "tools/call".parse().unwrap());
    link.exchange(call("tools/call").headers(headers)).await.unwrap();
    let seen = &script.seen()[0];
    assert_eq!((seen.method.as_str(), &*seen.path), ("POST", "/mcp"));
    for (name, value) in [
        ("content-type", "application/json"),
        ("accept", "application/json, text/event-stream"),
        ("host", "localhost"),
        ("user-agent", "test/1"),
        ("x-tenant", "acme"),
        ("mcp-method", "tools/call"),
    ] {
        assert_eq!(seen.header(name), Some(value));
    }
}

#[tokio::test]
async fn what_cannot_be_connected_to_says_why() {
    use toolwright_client::Client;
    for (http, reason) in [
        (Http::new("example.com/mcp"), "scheme"),
        (Http::new("http://localhost/").header("Mcp-Session-Id", "1"), "set by the client itself"),
        (Http::new("http://localhost/").header("a b", "1"), "no name"),
        (Http::new("http://localhost/").header("a", "1\n2"), "no header can carry"),
        (Http::new("https://localhost/").trust("nothing"), "no PEM certificate"),
    ] {
        let error = Client::connect(http).await.err().unwrap().to_string();
        assert!(error.contains(reason), "{error}");
    }
}
