use std::time::Duration;

use proptest::{prelude::*, sample::Index};
use toolwright_core::sse;

/// Bytes that are mostly fields, line ends and their parts.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => Just(b"\n".to_vec()),
        2 => Just(b"\r".to_vec()),
        2 => Just(b"\r\n".to_vec()),
        3 => Just(b"data: ".to_vec()),
        2 => Just(b"data".to_vec()),
        1 => Just(b"id: 7".to_vec()),
        1 => Just(b"id".to_vec()),
        1 => Just(b"event: endpoint".to_vec()),
        1 => Just(b"retry: 15".to_vec()),
        1 => Just(b":".to_vec()),
        1 => Just("\u{feff}".as_bytes().to_vec()),
        2 => prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn cut<'a>(bytes: &'a [u8], cuts: &[Index]) -> Vec<&'a [u8]> {
    let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    ends.push(bytes.len());
    ends.sort_unstable();
    let mut start = 0;
    ends.into_iter().map(|end| &bytes[std::mem::replace(&mut start, end)..end]).collect()
}

fn as_one_text(data: &str) -> String {
    data.replace("\r\n", "\n").replace('\r', "\n")
}

proptest! {
    #[test]
    fn cuts_change_nothing(stream in stream(), cuts: Vec<Index>, limit in 0_usize..80) {
        let (whole, expected) = super::events(limit, [&stream[..]]);
        let (decoder, found) = super::events(limit, cut(&stream, &cuts));
        prop_assert_eq!(found, expected);
        prop_assert_eq!(decoder.last_event_id(), whole.last_event_id());
        prop_assert_eq!(decoder.retry(), whole.retry());
    }

    #[test]
    fn a_byte_at_a_time_is_read_likewise(stream in stream()) {
        let expected = super::events(1024, [&stream[..]]).1;
        prop_assert_eq!(super::events(1024, stream.chunks(1)).1, expected);
    }

    #[test]
    fn what_is_encoded_comes_back(
        id in prop::option::of("[^\r\n\0]{0,12}"),
        data: String,
        cuts: Vec<Index>,
    ) {
        let bytes = sse::event(id.as_deref(), data.as_bytes());
        let events = super::events(4096, cut(&bytes, &cuts)).1.unwrap();
        prop_assert_eq!(events.len(), 1);
        prop_assert_eq!(&events[0].id, &id);
        prop_assert!(events[0].is_message());
        prop_assert_eq!(&events[0].data, &as_one_text(&data));
    }

    #[test]
    fn json_with_line_breaks_stays_the_same_json(text: String, number: i64, breaks in "[ \t\r\n]{0,8}") {
        let value = serde_json::json!({ "text": text, "number": number });
        let spaced = value.to_string().replace(r#","number":"#, &format!(",{breaks}\"number\"{breaks}:{breaks}"));
        let (_, events) = super::events(1 << 20, [&sse::event(None, spaced.as_bytes())[..]]);
        let read: serde_json::Value = serde_json::from_slice(&events.unwrap()[0].data).unwrap();
        prop_assert_eq!(read, value);
    }

    #[test]
    fn a_stream_of_all_kinds_comes_back(id in "[a-z0-9-]{1,8}", wait in 0_u64..100_000, data: String) {
        let wait = Duration::from_millis(wait);
        let stream = [
            sse::primer(&id, Some(wait)),
            sse::COMMENT,
            sse::named("endpoint", b"/messages"),
            sse::retry(wait * 2),
            sse::event(None, data.as_bytes()),
        ]
        .concat();
        let (decoder, events) = super::events(4096, [&stream[..]]);
        let events = events.unwrap();
        prop_assert_eq!(events.len(), 3);
        prop_assert_eq!(&events[0].id, &Some(id.clone()));
        prop_assert_eq!(events[0].retry, Some(wait));
        prop_assert!(events[0].data.is_empty() && events[0].is_message());
        prop_assert_eq!(events[1].event.as_deref(), Some("endpoint"));
        prop_assert_eq!(&events[2].data, &as_one_text(&data));
        prop_assert_eq!(decoder.last_event_id(), Some(&id[..]));
        prop_assert_eq!(decoder.retry(), Some(wait * 2));
    }
}
