use proptest::prelude::*;
use toolwright_core::uri::{ExpandError, UriTemplate};

const TEMPLATES: &[&str] = &[
    "a://{x}",
    "a://{x}/b/{y}",
    "a://{x}/{p*}",
    "a://{p*}/{x}",
    "a://b/{p*}/c{?q,r}",
    "a://b{?q,r}",
    "a:{x}/{y}/{z}{?q}",
    "a://b?x={x}&y={y}",
];

fn values() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let value = || prop_oneof![any::<String>(), "[a-z./%?&=#+ ü\\\\]{0,8}"];
    ["x", "y", "z", "p", "q", "r"].map(|name| value().prop_map(move |value| (name, value))).to_vec()
}

proptest! {
    #[test]
    fn what_expands_matches_with_the_same_values(
        template in prop::sample::select(TEMPLATES),
        values in values(),
        leave_out: bool,
    ) {
        let template = UriTemplate::parse(template).unwrap();
        let given = values
            .iter()
            .filter(|(name, _)| !leave_out || *name != "q")
            .map(|(name, value)| (*name, value.as_str()));
        match template.expand(given.clone()) {
            Ok(uri) => {
                let found = template.matches(&uri).unwrap_or_else(|| panic!("{uri} should match {template}"));
                for name in template.variables() {
                    let value = given.clone().find_map(|(key, value)| (key == name).then_some(value));
                    prop_assert_eq!(found.value(name), value, "{} in {}", name, uri);
                }
            }
            Err(error) => prop_assert!(matches!(error, ExpandError::Value { .. }), "{error}"),
        }
    }

    #[test]
    fn plain_values_always_expand(template in prop::sample::select(TEMPLATES), value in "[a-zü &%?]{1,12}") {
        let template = UriTemplate::parse(template).unwrap();
        let uri = template.expand(template.variables().map(|name| (name, value.as_str()))).unwrap();
        let found = template.matches(&uri).unwrap();
        prop_assert!(template.variables().all(|name| found.value(name) == Some(&value)));
    }

    #[test]
    fn no_uri_panics_and_no_segment_is_left(template in prop::sample::select(TEMPLATES), uri in "a://[b/.%2eEfF5cx?&=#\\\\é-]{0,24}") {
        let template = UriTemplate::parse(template).unwrap();
        if let Some(found) = template.matches(&uri) {
            for (name, value) in found.iter() {
                if ["x", "y", "z"].contains(&name) {
                    prop_assert!(!value.contains(['/', '\\', '\0']) && value != "." && value != "..");
                }
                if name == "p" {
                    prop_assert!(value.split('/').all(|part| !["", ".", ".."].contains(&part)));
                    prop_assert!(!value.contains(['\\', '\0']));
                }
            }
        }
    }

    #[test]
    fn no_template_panics(template in "(a:)?[a{}?+*,:/.b-]{0,16}") {
        let _ = UriTemplate::parse(&template);
    }
}
