use toolwright_core::uri::UriTemplate;

/// The values found, as `name=value` joined by spaces.
fn found(template: &str, uri: &str) -> Option<String> {
    let template = UriTemplate::parse(template).unwrap_or_else(|error| panic!("{error}"));
    let captures = template.matches(uri)?;
    Some(captures.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" "))
}

#[test]
fn values_are_found_and_decoded() {
    for (template, uri, values) in [
        ("a://b", "a://b", ""),
        ("a://{x}", "a://1", "x=1"),
        ("a://{x}", "a://caf%C3%A9%20%26", "x=café &"),
        ("a://{x}", "a://a:b@c,d;e=f", "x=a:b@c,d;e=f"),
        ("a://{x}", "a://café", "x=café"),
        ("a://{x}", "a://...", "x=..."),
        ("a://{x}", "a://%252e%252e", "x=%2e%2e"),
        ("a://{x}/b/{y}", "a://1/b/2", "x=1 y=2"),
        ("a://{x}.{y}", "a://archive.tar.gz", "x=archive.tar y=gz"),
        ("a://{x}-{y}-{z}", "a://1-2-3-4", "x=1-2 y=3 z=4"),
        ("a://{x}/{y}.txt", "a://1.txt/2.txt", "x=1.txt y=2"),
        ("a://{p*}", "a://b", "p=b"),
        ("a://{p*}", "a://b/c%20d/e", "p=b/c d/e"),
        ("a://{p*}/raw", "a://b/raw/c/raw", "p=b/raw/c"),
        ("a://{p*}/{f}", "a://b/c/d", "p=b/c f=d"),
        ("a://{f}/{p*}", "a://b/c/d", "f=b p=c/d"),
        ("a://{p*}/-/{q*}", "a://b/-/c/-/d", "p=b/-/c q=d"),
        ("file://{+p}", "file:///b/c", "p=/b/c"),
        ("a:x{+p}", "a:x/b", "p=/b"),
        ("a://{+u}", "a://https://b/c?d=e#f", "u=https://b/c?d=e#f"),
        ("a://{+p}{?q}", "a://b/c?q=1", "p=b/c q=1"),
        ("a://b{?q}", "a://b", ""),
        ("a://b{?q}", "a://b?", ""),
        ("a://b{?q,r}", "a://b?r=2&q=1", "q=1 r=2"),
        ("a://b{?q,r}", "a://b?r=2", "r=2"),
        ("a://b{?q,r}", "a://b?q=&r", "q= r="),
        ("a://b{?q}", "a://b?z=1&q=x%26y%3D1+%2F&w", "q=x&y=1+/"),
        ("a://b{?q}", "a://b?%71=1", "q=1"),
        ("a://{x}{?q}", "a://1?q=2", "x=1 q=2"),
        ("a://b?c={x}&d={y}", "a://b?c=1&d=2", "x=1 y=2"),
        ("urn:isbn:{x}", "urn:isbn:0-13", "x=0-13"),
    ] {
        assert_eq!(found(template, uri).as_deref(), Some(values), "{template} {uri}");
    }
}

#[test]
fn what_is_not_the_template_s_does_not_match() {
    for (template, uri) in [
        ("a://b", "a://b/"),
        ("a://b", "A://b"),
        ("a://b", "a://b?q=1"),
        ("a://{x}", "a://"),
        ("a://{x}", "b://1"),
        ("a://{x}", "a://1/2"),
        ("a://{x}", "a://1?q=2"),
        ("a://{x}", "a://1#f"),
        ("a://{x}/b", "a://1/c"),
        ("a://{x}-{y}", "a://1-"),
        ("a://{x}-{y}", "a://-1"),
        ("a://b{x}b", "a://b"),
        ("a://{p*}", "a://"),
        ("a://{p*}", "a://b//c"),
        ("a://{p*}", "a://b/"),
        ("a://{p*}", "a://b?q"),
        ("a://b{?q}", "a://b?q=1&q=2"),
        ("a://b{?q}", "a://b?q=1#f"),
        ("a://b{?q}", "a://c?q=1"),
        ("a://b?c={x}&d={y}", "a://b?d=1&c=2"),
        ("a://b?c={x}", "a://b?c=1&d=2"),
    ] {
        assert_eq!(found(template, uri), None, "{template} {uri}");
    }
}

#[test]
fn many_variables_cannot_make_matching_slow() {
    let template = UriTemplate::parse("a://{a}-{b}-{c}-{d}-{e}-{f}-{g}-{h}!").unwrap();
    let uri = format!("a://{}", "-1".repeat(20_000));
    let start = std::time::Instant::now();
    assert!(template.matches(&uri).is_none());
    assert!(template.matches(&format!("{uri}!")).is_some());
    assert!(start.elapsed().as_secs() < 5, "backtracking would take years");
}

#[test]
fn a_uri_has_a_limit() {
    let template = UriTemplate::parse("a://{x}").unwrap();
    let uri = |length: usize| format!("a://{}", "1".repeat(length - 4));
    assert!(template.matches(&uri(UriTemplate::MAX_URI)).is_some());
    assert!(template.matches(&uri(UriTemplate::MAX_URI + 1)).is_none());
}
