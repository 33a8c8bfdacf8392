//! Lines in, lines out: the expected bytes ("stdio" of the transports).
use toolwright_core::{era::Revision, joint::Limits};

use crate::{
    double::Double,
    wire::{request, transcript},
};

const ANSWER_1: &str = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}\n";
const ANSWER_2: &str = "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":null}\n";

async fn check(input: impl AsRef<[u8]>, output: impl AsRef<str>) {
    assert_eq!(transcript(Double::default(), input).await, output.as_ref());
}

#[tokio::test]
async fn a_broken_line_is_answered_and_the_next_one_works() {
    check(
        format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"met\n{}", request(2, "echo")),
        format!(
            "{{\"jsonrpc\":\"2.0\",\"error\":{{\"code\":-32700,\"message\":\"the JSON text ends too early: EOF while parsing a string at line 1 column 28\"}}}}\n{ANSWER_2}"
        ),
    )
    .await;
}

#[tokio::test]
async fn a_line_that_is_not_utf8_is_answered_and_the_next_one_works() {
    check(
        [b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}\n", request(2, "echo").as_bytes()].concat(),
        format!(
            "{{\"jsonrpc\":\"2.0\",\"error\":{{\"code\":-32700,\"message\":\"not UTF-8: bad byte at offset 34\"}}}}\n{ANSWER_2}"
        ),
    )
    .await;
}

#[tokio::test]
async fn a_byte_order_mark_at_the_start_is_skipped() {
    check(format!("\u{feff}{}", request(1, "echo")), ANSWER_1).await;
}

#[tokio::test]
async fn lines_may_end_as_on_windows() {
    check(
        format!("{}\r\n{}\r\n", request(1, "echo").trim(), request(2, "echo").trim()),
        format!("{ANSWER_1}{ANSWER_2}"),
    )
    .await;
}

#[tokio::test]
async fn blank_lines_are_skipped() {
    check(
        format!("\n\r\n  \n{}\n\n{}\n", request(1, "echo"), request(2, "echo")),
        format!("{ANSWER_1}{ANSWER_2}"),
    )
    .await;
}

#[tokio::test]
async fn a_batch_is_one_line_and_so_is_its_answer() {
    check(
        format!("[{},{}]\n", request(1, "echo").trim(), request(2, "echo").trim()),
        format!("[{},{}]\n", ANSWER_1.trim(), ANSWER_2.trim()),
    )
    .await;
}

#[tokio::test]
async fn half_a_line_at_the_end_is_a_line() {
    check(request(1, "echo").trim(), ANSWER_1).await;
    check(
        "{\"jsonrpc\"",
        "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32700,\"message\":\"the JSON text ends too early: EOF while parsing an object at line 1 column 10\"}}\n",
    )
    .await;
}

#[tokio::test]
async fn a_line_beyond_the_limit_is_answered_with_the_limit_and_the_next_one_works() {
    let input = format!("{}{}", request(1, &"x".repeat(100_000)), request(2, "echo"));
    assert_eq!(
        transcript(Double::new(Limits::default().body(1000)), &input).await,
        format!(
            "{{\"jsonrpc\":\"2.0\",\"error\":{{\"code\":-32600,\"message\":\"the message is longer than 1000 bytes, the limit of \
             this server; it was not read\"}}}}\n{ANSWER_2}"
        ),
    );
}

#[tokio::test]
async fn an_error_without_id_has_the_shape_of_the_negotiated_revision() {
    let mut double = Double::new(Limits::default().body(10));
    double.revision = Some(Revision::V2025_06_18);
    assert_eq!(
        transcript(double, request(1, "echo")).await,
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"the message is longer than 10 bytes, the \
         limit of this server; it was not read\"}}\n",
    );
}

#[tokio::test]
async fn input_that_ends_at_once_is_no_error() {
    check("", "").await;
}
