use std::time::Duration;

use toolwright_core::sse::{Decoder, Event};

fn read(stream: &str) -> Vec<Event> {
    super::events(1024, [stream.as_bytes()]).1.expect("events within the limit")
}

fn data(stream: &str) -> Vec<String> {
    read(stream).into_iter().map(|event| String::from_utf8(event.data.into()).expect("UTF-8")).collect()
}

fn after(stream: &str) -> Decoder {
    super::events(1024, [stream.as_bytes()]).0
}

#[test]
fn the_examples_of_the_standard_are_read_as_it_says() {
    assert_eq!(data("data: YHOO\ndata: +2\ndata: 10\n\n"), ["YHOO\n+2\n10"]);
    let events =
        read(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n");
    let seen: Vec<_> = events.iter().map(|event| (event.id.as_deref(), &event.data[..])).collect();
    assert_eq!(
        seen,
        [(Some("1"), &b"first event"[..]), (Some(""), b"second event"), (None, b" third event")],
    );
    assert_eq!(data("data\n\ndata\ndata\n\ndata:"), ["", "\n"]);
    assert_eq!(data("data:test\n\ndata: test\n\n"), ["test", "test"]);
}

#[test]
fn lines_end_with_any_of_three_endings() {
    for end in ["\n", "\r", "\r\n"] {
        assert_eq!(
            data(&format!("data: a{end}data: b{end}{end}data: c{end}{end}")),
            ["a\nb", "c"],
            "{end:?}"
        );
    }
    assert_eq!(data("data: a\r\r\ndata: b\n\r"), ["a", "b"]);
}

#[test]
fn a_carriage_return_ends_an_event_before_the_line_feed_is_there() {
    let mut decoder = Decoder::new(64);
    assert!(decoder.decode(&mut &b"data: a\r\n\r"[..]).unwrap().is_some());
    assert!(decoder.decode(&mut &b"\n"[..]).unwrap().is_none());
    assert_eq!(decoder.decode(&mut &b"data: b\n\n"[..]).unwrap().unwrap().data, "b");
}

#[test]
fn one_byte_order_mark_at_the_start_is_skipped() {
    assert_eq!(data("\u{feff}data: a\n\n"), ["a"]);
    assert_eq!(data("\u{feff}\u{feff}data: a\n\ndata: b\n\n"), ["b"]);
    assert_eq!(data("data: a\n\n\u{feff}data: b\n\n"), ["a"]);
    let (_, split) = super::events(64, [&b"\xef"[..], b"\xbb", b"\xbfdata: a\n\n"]);
    assert_eq!(split.unwrap()[0].data, "a");
    let (_, no_mark) = super::events(64, [&b"\xef"[..], b"\xbb", b"data: a\n\ndata: b\n\n"]);
    assert_eq!(no_mark.unwrap()[0].data, "b");
}

#[test]
fn comments_and_unknown_fields_are_ignored() {
    assert_eq!(data(":\n\n: keep-alive\n\ndata: a\n:x\n data: no\nDATA: no\nfoo: no\nbar\n\n:"), ["a"]);
}

#[test]
fn a_name_is_kept_for_one_event_only() {
    let events = read("event: endpoint\ndata: a\n\ndata: b\n\nevent\ndata: c\n\nevent: message\ndata: d\n\n");
    let names: Vec<_> = events.iter().map(|event| event.event.as_deref()).collect();
    assert_eq!(names, [Some("endpoint"), None, None, Some("message")]);
    let messages: Vec<_> = events.iter().map(Event::is_message).collect();
    assert_eq!(messages, [false, true, true, true]);
}

#[test]
fn a_name_without_data_names_nothing() {
    let events = read("event: endpoint\n\ndata: a\n\n");
    assert_eq!((events.len(), events[0].event.as_deref()), (1, None));
}

#[test]
fn an_id_with_a_nul_is_ignored() {
    assert_eq!(read("id: a\0b\ndata: x\n\n")[0].id, None);
    assert_eq!(after("id: 1\n\nid: a\0b\ndata: x\n\n").last_event_id(), Some("1"));
}

#[test]
fn the_last_id_stays_until_another_comes() {
    assert_eq!(after("data: x\n\n").last_event_id(), None);
    assert_eq!(after("id: 1\ndata: x\n\ndata: y\n\n").last_event_id(), Some("1"));
    assert_eq!(after("id: 1\ndata: x\n\nid: 2\n\n").last_event_id(), Some("2"));
    assert_eq!(after("id: 1\ndata: x\n\nid\n\n").last_event_id(), None);
}

#[test]
fn an_unfinished_event_counts_for_nothing() {
    assert_eq!(data("data: a\n\ndata: b\n"), ["a"]);
    assert_eq!(after("id: 1\ndata: a\n\nid: 2\ndata: b\n").last_event_id(), Some("1"));
}

#[test]
fn a_wait_is_digits_only() {
    let wait = |value: &str| after(&format!("retry: {value}\n\n")).retry();
    assert_eq!(wait("1500"), Some(Duration::from_millis(1500)));
    assert_eq!(wait("0"), Some(Duration::ZERO));
    for wrong in ["", "+1", "-1", "1.5", "1e3", "0x1", "1s", "²", "99999999999999999999999"] {
        assert_eq!(wait(wrong), None, "{wrong}");
    }
    assert_eq!(after("retry: 5\nretry: no\n\n").retry(), Some(Duration::from_millis(5)));
    assert_eq!(after("retry: 5").retry(), None);
}

#[test]
fn a_wait_with_an_event_is_the_events_too() {
    let events = read("retry: 5\ndata: a\n\ndata: b\n\n");
    assert_eq!(events[0].retry, Some(Duration::from_millis(5)));
    assert_eq!(events[1].retry, None);
}

#[test]
fn an_event_may_be_as_large_as_the_limit_and_no_larger() {
    let stream = |length: usize| format!("data: {}\n\n", "x".repeat(length));
    let read = |length| super::events(100, [stream(length).as_bytes()]).1;
    assert_eq!(read(94).unwrap()[0].data.len(), 94);
    assert_eq!(
        read(95).unwrap_err().to_string(),
        "an event of the stream is larger than 100 bytes, the most that is read",
    );
}

#[test]
fn many_small_lines_are_one_large_event() {
    assert!(super::events(100, ["data: 123456789\n".repeat(20).as_bytes()]).1.is_err());
    assert!(super::events(100, [b"event: 123456789\n".repeat(20).as_slice()]).1.is_ok());
    assert!(super::events(100, ["data: 123456789\n\n".repeat(20).as_bytes()]).1.is_ok());
}

#[test]
fn bytes_without_a_line_end_are_bounded() {
    let chunk = [b'x'; 16];
    let (_, outcome) = super::events(100, std::iter::repeat_n(&chunk[..], 7));
    assert!(outcome.is_err());
}
