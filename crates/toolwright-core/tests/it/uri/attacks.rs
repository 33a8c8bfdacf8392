use toolwright_core::uri::UriTemplate;

const ESCAPES: &[&str] = &[
    ".",
    "..",
    "%2e",
    "%2e%2e",
    "%2E%2e",
    ".%2e",
    "%2E.",
    "../etc/passwd",
    "..%2fetc%2fpasswd",
    "..%2Fetc",
    "..%5cetc",
    "..%5Cetc",
    "..\\etc",
    "%2e%2e%2fetc",
    "%2e%2e/etc",
    "a/../b",
    "a/%2e%2e/b",
    "a/.%2E/b",
    "a/..",
    "a/%2e",
    "./a",
    "a%2fb",
    "a%2Fb",
    "a%5cb",
    "a\\b",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "a%00",
    "a\0b",
    "%00",
    "a/b%00.txt",
    // Overlong and cut UTF-8, which lenient decoders turn into dots and slashes.
    "%c0%ae%c0%ae",
    "%c0%af",
    "%ff",
    "%c3",
    // Triplets that are none.
    "%",
    "%2",
    "%2g",
    "%%2e",
    "%u002e",
];

#[test]
fn no_value_leaves_its_place() {
    for template in [
        "file:///{x}",
        "file:///{x}{?q}",
        "file:///a/{x}/b",
        "file:///{x}/{y}",
        "file:///{x}?y={y}",
        "file:///{x*}",
        "file:///a/{x*}/b",
        "file:///{x*}/{y}",
        "file:///{+x}",
        "file:///a/{+x}/b",
    ] {
        let parsed = UriTemplate::parse(template).unwrap();
        for attack in ESCAPES {
            let uri = template
                .replace("{x}", attack)
                .replace("{x*}", attack)
                .replace("{+x}", attack)
                .replace("{y}", "1")
                .replace("{?q}", "?q=1");
            let found = parsed.matches(&uri);
            assert!(found.is_none(), "{template} {uri} gave {found:?}");
        }
    }
}

#[test]
fn a_reserved_value_is_absolute_only_where_the_template_has_no_slash_yet() {
    let matches = |template: &str, uri: &str| UriTemplate::parse(template).unwrap().matches(uri).is_some();
    assert!(matches("file://{+x}", "file:///etc"));
    assert!(!matches("file:///{+x}", "file:////etc"));
    assert!(!matches("file:///srv/{+x}", "file:///srv//etc"));
    assert!(!matches("file://{+x}", "file:///srv/../etc"));
    assert!(!matches("a://{+x}", "a://b?../c"));
}

#[test]
fn parameters_hold_slashes_but_no_nul() {
    let template = UriTemplate::parse("a://b{?q}").unwrap();
    assert_eq!(template.matches("a://b?q=../%2Fc").unwrap().value("q"), Some("..//c"));
    assert!(template.matches("a://b?q=%00").is_none());
    assert!(template.matches("a://b?q=%zz").is_none());
}
