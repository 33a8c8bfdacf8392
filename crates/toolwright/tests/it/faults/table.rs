//! How a call with each fault ends over each transport; the next call works in any case.
//!
//! - `ok`: the answer is there all the same.
//! - `time`: [`Timeout`](toolwright::client::ClientError::Timeout), because nothing came that could be the answer. Where one stream
//!   is for all answers, what is no message belongs to nobody, and is skipped.
//! - `close`, `died`, `io`, `gone`: [`is_closed`](toolwright::client::ClientError::is_closed), by the end of the connection, of the
//!   process, of a service in this process, or of the session.
//! - `proto`: [`Protocol`](toolwright::client::ClientError::Protocol), which says what was expected.
//! - `large`: [`TooLarge`](toolwright::client::ClientError::TooLarge).
//! - `http`: [`Refused`](toolwright::client::ClientError::Refused), with the status.
//! - `rpc`: [`Rpc`](toolwright::client::ClientError::Rpc), the server's own error.
//! - `-`: there is no such thing.
use super::{
    case::{Column, Wire},
    place::Framing,
    rows::rows,
};

const TABLE: &str = "
                                            in process              sockets                       child
                                            stateless   session     stateless   session           state-
                                            body  event body  event body  event body  event pair  less  session
silence                                     time  time  time  time  time  time  time  time  time  time  time
silence after the head                      time  time  time  time  time  time  time  time  time  time  time
silence after half an answer                time  time  time  time  time  time  time  time  time  time  time
end before any byte                         io    io    io    io    close close close close close died  died
end after half a head                       -     -     -     -     close close close close close -     -
end after the head                          io    io    io    io    close close close close close died  died
end after half an answer                    io    io    io    io    close close close close close died  died
kill before any byte                        io    io    io    io    close close close close close died  died
kill after half an answer                   io    io    io    io    close close close close close died  died
end of the body after half an answer        proto close proto close proto close proto close -     -     -
end after the answer                        io    ok    io    ok    close ok    close ok    ok    ok    ok

the answer                                  ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok
an error                                    rpc   rpc   rpc   rpc   rpc   rpc   rpc   rpc   rpc   rpc   rpc
an empty message                            proto close proto close proto close proto close time  time  time
malformed JSON                              proto proto proto proto proto proto proto proto time  time  time
no JSON                                     proto proto proto proto proto proto proto proto time  time  time
no UTF-8                                    proto proto proto proto proto proto proto proto time  time  time
endless depth                               proto proto proto proto proto proto proto proto time  time  time
a number                                    proto proto proto proto proto proto proto proto time  time  time
an object that is no JSON-RPC               proto close proto close proto close proto close time  time  time
another version of JSON-RPC                 proto proto proto proto proto proto proto proto proto proto proto
another id                                  proto close proto close proto close proto close time  time  time
an id of another type                       proto close proto close proto close proto close time  time  time
an id that is an object                     proto proto proto proto proto proto proto proto time  time  time
a result without an id                      proto close proto close proto close proto close time  time  time
an error without an id                      rpc   rpc   rpc   rpc   rpc   rpc   rpc   rpc   time  time  time
result and error                            proto proto proto proto proto proto proto proto proto proto proto
neither result nor error                    proto close proto close proto close proto close time  time  time
a result that is no object                  proto proto proto proto proto proto proto proto proto proto proto
a result of another method                  proto proto proto proto proto proto proto proto proto proto proto
an error that is no object                  proto proto proto proto proto proto proto proto proto proto proto
a notification and no answer                proto close proto close proto close proto close time  time  time
a request with the id of the call           proto close proto close proto close proto close time  time  time
two answers with the same id                proto ok    proto ok    proto ok    proto ok    ok    ok    ok
the answer after one to another             proto ok    proto ok    proto ok    proto ok    ok    ok    ok
the answer after noise                      proto ok    proto ok    proto ok    proto ok    ok    ok    ok
the answer after garbage of a request       proto ok    proto ok    proto ok    proto ok    ok    ok    ok
the answer after an odd request             proto ok    proto ok    proto ok    proto ok    ok    ok    ok
the answer after a flood of notifications   large ok    large ok    large ok    large ok    ok    ok    ok
the answer in a batch                       ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok
a batch without the answer                  proto close proto close proto close proto close time  time  time
an empty batch                              proto proto proto proto proto proto proto proto time  time  time
more than the limit                         large large large large large large large large large large large

cut at every byte                           ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok
line ends CR LF                             ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok
line ends CR                                -     ok    -     ok    -     ok    -     ok    ok    -     -
line ends CR LF cut at every byte           -     ok    -     ok    -     ok    -     ok    ok    ok    ok
blank lines before                          ok    ok    ok    ok    ok    ok    ok    ok    ok    ok    ok
comments                                    -     ok    -     ok    -     ok    -     ok    ok    -     -
an answer over many lines                   -     ok    -     ok    -     ok    -     ok    ok    -     -
fields that nobody knows                    -     ok    -     ok    -     ok    -     ok    ok    -     -
an event of another name                    -     close -     close -     close -     close time  -     -
an event without its blank line             -     close -     close -     close -     close -     -     -
a stream resumed with the answer            -     close -     ok    -     close -     ok    -     -     -
a stream broken, resumed with the answer    -     io    -     ok    -     close -     ok    -     -     -
a stream that is not resumed                -     close -     close -     close -     close -     -     -
a stream resumed in vain                    -     close -     close -     close -     close -     -     -
a stream resumed by something else          -     close -     close -     close -     close -     -     -
a stream whose session is gone              -     close -     gone  -     close -     gone  -     -     -

200 and a page                              proto proto proto proto proto proto proto proto time  -     -
200 without a content type                  proto proto proto proto proto proto proto proto time  -     -
200 and nothing                             proto proto proto proto proto proto proto proto time  -     -
202 and nothing                             proto proto time  time  proto proto time  time  time  -     -
204                                         proto proto proto proto proto proto proto proto time  -     -
events called JSON                          proto proto proto proto proto proto proto proto time  -     -
JSON called events                          close close close close close close close close time  -     -
an answer that is packed                    proto proto proto proto proto proto proto proto proto -     -
events that are packed                      proto proto proto proto proto proto proto proto proto -     -
a redirect to another host                  proto proto proto proto proto proto proto proto proto -     -
a redirect without a place                  proto proto proto proto proto proto proto proto proto -     -
304                                         http  http  http  http  http  http  http  http  http  -     -
400 and a page                              http  http  http  http  http  http  http  http  http  -     -
401 and a page                              http  http  http  http  http  http  http  http  http  -     -
403 and a page                              http  http  http  http  http  http  http  http  http  -     -
404 and a page                              http  http  gone  gone  http  http  gone  gone  http  -     -
405                                         http  http  http  http  http  http  http  http  http  -     -
413 and a page                              http  http  http  http  http  http  http  http  http  -     -
429 and nothing                             http  http  http  http  http  http  http  http  http  -     -
500 and an error                            rpc   rpc   rpc   rpc   rpc   rpc   rpc   rpc   rpc   -     -
502 and a page                              http  http  http  http  http  http  http  http  http  -     -
503 and half an error                       http  http  http  http  http  http  http  http  http  -     -
500 and a page without end                  time  time  time  time  time  time  time  time  time  -     -
500 and a page cut off                      http  http  http  http  http  http  http  http  http  -     -

another protocol                            -     -     -     -     proto proto proto proto proto -     -
a header that is none                       -     -     -     -     proto proto proto proto proto -     -
an endless head                             -     -     -     -     proto proto proto proto proto -     -
a chunk of no size                          -     -     -     -     proto proto proto proto time  -     -
a chunk cut off                             -     -     -     -     close close close close time  -     -
chunks without the last                     -     -     -     -     close close close close time  -     -
a body shorter than it says                 -     -     -     -     close close close close time  -     -
a body longer than it says                  -     -     -     -     proto proto proto proto time  -     -
a body that announces too much              -     -     -     -     large large large large time  -     -
two lengths                                 -     -     -     -     proto proto proto proto proto -     -
two responses                               -     -     -     -     ok    ok    ok    ok    time  -     -
a body until the end of the connection      -     -     -     -     ok    ok    ok    ok    time  -     -
a response after two that announce it       -     -     -     -     ok    ok    ok    ok    time  -     -
another protocol from now on                -     -     -     -     http  http  http  http  http  -     -
";

async fn holds(number: usize, wire: Wire, session: bool, framing: Framing) {
    let column = Column { wire, session, framing };
    let mut wrong = String::new();
    for (row, react) in rows() {
        let expected = cell(row, number);
        if !column.has(*react) {
            if expected != "-" {
                wrong += &format!("\n{row}: expected `{expected}`, but there is no such thing");
            }
            continue;
        }
        let outcome = column.meet(row, expected == "time").await;
        assert!(outcome.then.is_none(), "{row}: {outcome:?}");
        if outcome.kind != expected {
            wrong += &format!("\n{row}: expected `{expected}`, got {outcome:?}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// What the table has for a row.
fn cell(row: &str, column: usize) -> &'static str {
    let mut lines = TABLE.lines().filter_map(|line| line.strip_prefix(row)?.strip_prefix("  "));
    let cells = lines.next().unwrap_or_else(|| panic!("the table has no `{row}`"));
    cells.split_whitespace().nth(column).unwrap()
}

#[test]
fn the_table_has_the_faults_and_no_others() {
    let listed =
        TABLE.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_alphanumeric())).count();
    assert_eq!(listed, rows().count());
}

#[tokio::test(start_paused = true)]
async fn bodies_in_process() {
    holds(0, Wire::InProcess, false, Framing::Body).await;
}

#[tokio::test(start_paused = true)]
async fn events_in_process() {
    holds(1, Wire::InProcess, false, Framing::Events).await;
}

#[tokio::test(start_paused = true)]
async fn bodies_of_a_session_in_process() {
    holds(2, Wire::InProcess, true, Framing::Body).await;
}

#[tokio::test(start_paused = true)]
async fn events_of_a_session_in_process() {
    holds(3, Wire::InProcess, true, Framing::Events).await;
}

#[tokio::test]
async fn bodies_over_sockets() {
    holds(4, Wire::Sockets, false, Framing::Body).await;
}

#[tokio::test]
async fn events_over_sockets() {
    holds(5, Wire::Sockets, false, Framing::Events).await;
}

#[tokio::test]
async fn bodies_of_a_session_over_sockets() {
    holds(6, Wire::Sockets, true, Framing::Body).await;
}

#[tokio::test]
async fn events_of_a_session_over_sockets() {
    holds(7, Wire::Sockets, true, Framing::Events).await;
}

#[tokio::test]
async fn a_stream_and_a_place_for_messages() {
    holds(8, Wire::Sockets, true, Framing::Pair).await;
}

#[cfg(all(unix, feature = "child"))]
#[tokio::test]
async fn lines_of_a_process() {
    holds(9, Wire::Child, false, Framing::Lines).await;
}

#[cfg(all(unix, feature = "child"))]
#[tokio::test]
async fn lines_of_a_session_with_a_process() {
    holds(10, Wire::Child, true, Framing::Lines).await;
}
