use std::collections::BTreeMap;

use insta::assert_snapshot;
use toolwright_server::{
    HandlerError,
    core::model::{ReadResourceResult, ResourceContents},
    respond::{File, Image, IntoResourceResult, Json},
};

fn read<M>(value: impl IntoResourceResult<M>, mime: Option<&str>) -> String {
    match value.into_result("notes://1", mime) {
        Ok(result) => serde_json::to_string(&result.contents).unwrap(),
        Err(error) => format!("error{}: {error}", if error.is_not_found() { " (not found)" } else { "" }),
    }
}

#[test]
fn strings_are_text_of_the_declared_type() {
    assert_snapshot!(read("# hi", Some("text/markdown")), @r##"[{"uri":"notes://1","mimeType":"text/markdown","text":"# hi"}]"##);
    assert_snapshot!(read("hi".to_owned(), None), @r#"[{"uri":"notes://1","mimeType":"text/plain","text":"hi"}]"#);
    assert_snapshot!(read(Some("hi".to_owned()), None), @r#"[{"uri":"notes://1","mimeType":"text/plain","text":"hi"}]"#);
}

#[test]
fn bytes_are_a_blob() {
    assert_snapshot!(read(vec![0_u8, 255], None), @r#"[{"uri":"notes://1","mimeType":"application/octet-stream","blob":"AP8="}]"#);
    assert_snapshot!(read(bytes::Bytes::from_static(&[0, 255]), Some("image/png")), @r#"[{"uri":"notes://1","mimeType":"image/png","blob":"AP8="}]"#);
    assert_snapshot!(read(Image::new([1], "image/gif"), Some("image/png")), @r#"[{"uri":"notes://1","mimeType":"image/gif","blob":"AQ=="}]"#);
}

#[test]
fn values_are_json() {
    assert_snapshot!(read(BTreeMap::from([("a", 1)]), None), @r#"[{"uri":"notes://1","mimeType":"application/json","text":"{\"a\":1}"}]"#);
    assert_snapshot!(read(vec![1, 2], Some("application/vnd.numbers+json")), @r#"[{"uri":"notes://1","mimeType":"application/vnd.numbers+json","text":"[1,2]"}]"#);
    assert_snapshot!(read(Json([1, 2]), None), @r#"[{"uri":"notes://1","mimeType":"application/json","text":"[1,2]"}]"#);
    assert_snapshot!(read(vec![f64::NAN], None), @"error: the result holds a number that JSON cannot express: $[0] is NaN");
}

#[test]
fn contents_and_complete_results_are_sent_as_they_are() {
    let parts = vec![ResourceContents::text("notes://1/a", "a"), ResourceContents::blob("notes://1/b", [1])];
    assert_snapshot!(read(parts.clone(), Some("text/html")), @r#"[{"uri":"notes://1/a","text":"a"},{"uri":"notes://1/b","blob":"AQ=="}]"#);
    assert_eq!(read(ReadResourceResult::new(parts.clone()), None), read(parts, None));
    assert_snapshot!(read(File::text("other://1", "hi"), Some("text/x-note")), @r#"[{"uri":"notes://1","mimeType":"text/x-note","text":"hi"}]"#);
}

#[test]
fn nothing_is_not_found() {
    assert_snapshot!(read(None::<String>, None), @"error (not found): resource `notes://1` not found");
    assert_eq!(read(None::<Vec<u8>>, None), read(None::<String>, None));
    assert_eq!(read(None::<BTreeMap<String, u8>>, None), read(None::<String>, None));
    assert_eq!(read(None::<File>, None), read(None::<String>, None));
}

#[test]
fn a_result_is_its_value_or_its_error() {
    assert_eq!(read(Ok::<_, HandlerError>("hi"), None), read("hi", None));
    assert_eq!(read(Err::<&str, HandlerError>("the disk is gone".into()), None), "error: the disk is gone");
}
