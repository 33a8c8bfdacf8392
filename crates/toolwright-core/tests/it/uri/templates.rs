use toolwright_core::uri::{ExpandError, UriTemplate, expand, validate};

#[test]
fn mistakes_of_the_author_are_told_apart() {
    for (template, fault) in [
        ("a://{x", "the `{` at offset 4 is never closed"),
        ("a://{x{y}}", "the `{` at offset 4 is never closed"),
        ("a://x}", "the `}` at offset 5 closes nothing; write a literal one as `%7D`"),
        ("a://{}", "the expression at offset 4 names no variable"),
        ("a://{+}", "the expression at offset 4 names no variable"),
        ("a://x{?}", "the expression at offset 5 names no variable"),
        ("a://{x-y}", "`x-y` is no variable name; use letters, digits, `_` and single dots in between"),
        ("a://{x y}", "`x y` is no variable name; use letters, digits, `_` and single dots in between"),
        ("a://{x..y}", "`x..y` is no variable name; use letters, digits, `_` and single dots in between"),
        ("a://{é}", "`é` is no variable name; use letters, digits, `_` and single dots in between"),
        ("a://{?x,}", "`` is no variable name; use letters, digits, `_` and single dots in between"),
        ("a://y{/x}", "the operator `/` cannot be matched; use `{x}`, `{x*}`, `{+x}` or `{?x,y}`"),
        ("a://y{#x}", "the operator `#` cannot be matched; use `{x}`, `{x*}`, `{+x}` or `{?x,y}`"),
        ("a://y?z=1{&x}", "the operator `&` cannot be matched; use `{x}`, `{x*}`, `{+x}` or `{?x,y}`"),
        ("a://{x:3}", "`x:3` asks for a prefix, which cannot be matched"),
        ("a://{+x*}", "`x*` is exploded; only a `{x*}` without operator can be"),
        ("a://y{?x*}", "`x*` is exploded; only a `{x*}` without operator can be"),
        (
            "a://{x,y}",
            "`{x,y}` names several variables; only a query such as `{?x,y}` can, so put text between them",
        ),
        ("a://{x}/{x}", "the variable `x` occurs twice"),
        ("a://{x}{?y,x}", "the variable `x` occurs twice"),
        ("a://{x}{y*}", "nothing stands between `{x}` and `{y}`, so nobody can tell where one ends"),
        ("a://y{?x}/z", "the query expression must stand last"),
        ("a://y{?x}{?z}", "the query expression must stand last"),
        ("a://y?z=1{?x}", "a query expression cannot follow a literal `?` or `#`; list all parameters in it"),
        ("", "it makes no absolute URI: it is empty"),
        ("{x}://y", "it makes no absolute URI: it has no scheme; write for example `notes://1://y`"),
        ("notes/{x}", "it makes no absolute URI: it has no scheme; write for example `notes://notes/1`"),
        ("a://b c/{x}", "it makes no absolute URI: ' ' must be percent-encoded"),
        ("a://café/{x}", "it makes no absolute URI: 'é' must be percent-encoded"),
    ] {
        let error = UriTemplate::parse(template).expect_err(template);
        assert_eq!(error.to_string(), format!("invalid URI template `{template}`: {fault}"));
        assert_eq!(error.template(), template);
    }
}

#[test]
fn variables_keep_the_order_of_the_template() {
    let template: UriTemplate = "a://{b}/{a*}/x{+c}{?z,y}".parse().unwrap();
    assert_eq!(template.variables().collect::<Vec<_>>(), ["b", "a", "c", "z", "y"]);
    assert_eq!(template.required().collect::<Vec<_>>(), ["b", "a", "c"]);
    assert_eq!(template.optional().collect::<Vec<_>>(), ["z", "y"]);
    assert_eq!(template.to_string(), "a://{b}/{a*}/x{+c}{?z,y}");
}

#[test]
fn literal_text_beats_variables_and_variables_beat_wildcards() {
    let mut templates =
        ["a://{x*}", "a://{x}/{y}{?z}", "a://b/{y}", "a://{x}", "a://b/{y*}", "a://{x}/{y}", "a://b/c{?z}"]
            .map(|text| UriTemplate::parse(text).unwrap());
    templates.sort_by_key(|template| std::cmp::Reverse(template.specificity()));
    let sorted = templates.each_ref().map(UriTemplate::as_str);
    assert_eq!(
        sorted,
        ["a://b/c{?z}", "a://b/{y}", "a://{x}/{y}", "a://{x}/{y}{?z}", "a://{x}", "a://b/{y*}", "a://{x*}"]
    );
}

#[test]
fn values_are_encoded_for_the_place_they_stand_in() {
    let template = UriTemplate::parse("a://{x}/{p*}/q{+r}{?y,z}").unwrap();
    let uri = template
        .expand([("x", "a b&ü"), ("p", "c d/e?f"), ("r", "/g?h=%41"), ("z", "1/2&3"), ("unknown", "")])
        .unwrap();
    assert_eq!(uri, "a://a%20b%26%C3%BC/c%20d/e%3Ff/q/g?h=%41?z=1%2F2%263");
}

#[test]
fn values_that_would_not_match_are_refused() {
    let template = UriTemplate::parse("a://{x}/{p*}").unwrap();
    assert!(matches!(
        template.expand([("x", "1")]),
        Err(ExpandError::Missing { variable, .. }) if &*variable == "p"
    ));
    for (x, p, culprit) in [
        ("", "b", "x"),
        ("..", "b", "x"),
        ("a/b", "b", "x"),
        ("a", "b/../c", "p"),
        ("a", "/b", "p"),
        ("a\0", "b", "x"),
    ] {
        match template.expand([("x", x), ("p", p)]) {
            Err(ExpandError::Value { variable, .. }) => assert_eq!(&*variable, culprit, "{x:?} {p:?}"),
            other => panic!("{x:?} {p:?} gave {other:?}"),
        }
    }
}

#[test]
fn templates_that_only_others_match_expand_by_the_rfc() {
    assert_eq!(
        expand("a://x{/y,z}{?q,r}{&s}", [("y", "1"), ("q", "2"), ("s", "3")]).unwrap(),
        "a://x/1?q=2&s=3"
    );
    assert_eq!(expand("a://{p*}", [("p", "b/c")]).unwrap(), "a://b/c");
    assert!(matches!(expand("a://{x", []), Err(ExpandError::Template { .. })));
}

#[test]
fn resource_uris_are_absolute() {
    for uri in
        ["a:", "a:b", "file:///x%20y", "https://user@[::1]:80/a;b?c=d&e#f", "urn:isbn:1", "ui://x/y.html"]
    {
        assert_eq!(validate(uri), Ok(()), "{uri}");
    }
    for (uri, reason) in [
        ("", "it is empty"),
        ("/etc", "it has no scheme; write for example `notes://etc`"),
        ("1a:b", "it has no scheme; write for example `notes://1a:b`"),
        ("a:b c", "' ' must be percent-encoded"),
        ("a:{x}", "'{' must be percent-encoded"),
        ("a:\\b", "'\\\\' must be percent-encoded"),
        ("a:%zz", "it breaks the grammar of RFC 3986"),
        ("a://b:port/", "it breaks the grammar of RFC 3986"),
    ] {
        let error = validate(uri).expect_err(uri);
        assert_eq!((error.uri(), error.reason()), (uri, reason));
    }
}
