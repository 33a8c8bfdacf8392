use http::{HeaderMap, header::WWW_AUTHENTICATE};

use super::scope::Scopes;

/// One challenge of a `WWW-Authenticate` header (RFC 9110, "WWW-Authenticate").
#[derive(Debug, PartialEq)]
struct Challenge {
    scheme: String,
    parameters: Vec<(String, String)>,
}

impl Challenge {
    fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
    }
}

/// What a refusal asks for, read from its challenges for tokens ("Protected Resource Metadata Discovery Requirements").
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Demand {
    /// Where the metadata of the protected resource is.
    pub(super) resource_metadata: Option<String>,
    /// The scopes that the request needs.
    pub(super) scope: Option<Scopes>,
    /// The code of the error.
    pub(super) error: Option<String>,
}

impl Demand {
    pub(super) fn read(headers: &HeaderMap) -> Self {
        let mut challenges = Vec::new();
        for value in headers.get_all(WWW_AUTHENTICATE) {
            challenges.extend(parse(&String::from_utf8_lossy(value.as_bytes())));
        }
        let mut demand = Self::default();
        for challenge in challenges.iter().filter(|challenge| is_for_tokens(&challenge.scheme)) {
            let take = |name| challenge.get(name).map(str::to_owned);
            demand.resource_metadata = demand.resource_metadata.or_else(|| take("resource_metadata"));
            demand.error = demand.error.or_else(|| take("error"));
            demand.scope = demand.scope.or_else(|| challenge.get("scope").map(Scopes::parse));
        }
        demand
    }
}

fn is_for_tokens(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("dpop")
}

/// Reads any list of challenges; what is none of the grammar is passed over, so that one bad challenge does not hide a good one.
fn parse(text: &str) -> Vec<Challenge> {
    let mut challenges: Vec<Challenge> = Vec::new();
    let mut rest = Cursor(text);
    loop {
        rest.skip(|character| character == ',' || character.is_ascii_whitespace());
        let word = rest.take(is_token);
        if word.is_empty() {
            if rest.0.is_empty() {
                return challenges;
            }
            rest.quoted_or_one();
            continue;
        }
        match (rest.parameter(), challenges.last_mut()) {
            (Some(value), Some(challenge)) => challenge.parameters.push((word.to_owned(), value)),
            (Some(_), None) => {}
            (None, _) => {
                rest.skip(|character| character == ' ');
                rest.token68();
                challenges.push(Challenge { scheme: word.to_owned(), parameters: Vec::new() });
            }
        }
    }
}

struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    fn take(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let end = self.0.find(|character| !wanted(character)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest;
        taken
    }

    fn skip(&mut self, wanted: impl Fn(char) -> bool) {
        self.take(wanted);
    }

    /// `= value` after a name.
    fn parameter(&mut self) -> Option<String> {
        let mut ahead = Cursor(self.0.trim_start_matches([' ', '\t']));
        ahead.0 = ahead.0.strip_prefix('=')?.trim_start_matches([' ', '\t']);
        let value = match ahead.0.strip_prefix('"') {
            Some(rest) => {
                ahead.0 = rest;
                ahead.quoted()
            }
            None => {
                let value = ahead.take(|character| character != ',' && !character.is_ascii_whitespace());
                value.to_owned()
            }
        };
        self.0 = ahead.0;
        Some(value)
    }

    /// The rest of a quoted string; one that does not end takes all that is left.
    fn quoted(&mut self) -> String {
        let mut value = String::new();
        let mut characters = self.0.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    self.0 = &self.0[at + 1..];
                    return value;
                }
                '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
                other => value.push(other),
            }
        }
        self.0 = "";
        value
    }

    fn quoted_or_one(&mut self) {
        let mut characters = self.0.chars();
        let first = characters.next();
        self.0 = characters.as_str();
        if first == Some('"') {
            self.quoted();
        }
    }

    /// Passes over credentials such as those of `Negotiate`, which are neither a name nor a scheme.
    fn token68(&mut self) {
        let mut ahead = Cursor(self.0);
        let word = ahead.take(|character| character.is_ascii_alphanumeric() || "-._~+/".contains(character));
        let padding = ahead.take(|character| character == '=');
        let ended = ahead.0.trim_start_matches([' ', '\t']);
        let plain = !word.is_empty() && (ended.is_empty() || ended.starts_with(','));
        if plain && (!padding.is_empty() || !ended.starts_with('=')) {
            self.0 = ahead.0;
        }
    }
}

fn is_token(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demand(values: &[&str]) -> Demand {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(WWW_AUTHENTICATE, value.parse().unwrap());
        }
        Demand::read(&headers)
    }

    fn schemes(text: &str) -> Vec<String> {
        parse(text).into_iter().map(|challenge| challenge.scheme).collect()
    }

    #[test]
    fn the_parameters_of_a_bearer_challenge_are_read() {
        let found =
            demand(&[r#"Bearer error="insufficient_scope", scope="a b", resource_metadata="https://x/y""#]);
        assert_eq!(found.resource_metadata.as_deref(), Some("https://x/y"));
        assert_eq!(found.scope, Some(Scopes::parse("a b")));
        assert_eq!(found.error.as_deref(), Some("insufficient_scope"));
    }

    #[test]
    fn names_and_schemes_have_no_case_and_spaces_do_not_matter() {
        let found = demand(&["bEARER   SCOPE = a ,\t Resource_Metadata=https://x/y?a=b"]);
        assert_eq!(found.resource_metadata.as_deref(), Some("https://x/y?a=b"));
        assert_eq!(found.scope, Some(Scopes::parse("a")));
    }

    #[test]
    fn a_quoted_string_may_hold_commas_quotes_and_what_looks_like_a_challenge() {
        let found = demand(&[r#"Bearer realm="a, Basic \"b\" \\", scope="s""#]);
        assert_eq!(found.scope, Some(Scopes::parse("s")));
        let challenges = parse(r#"Bearer realm="a, Basic \"b\" \\", scope="s""#);
        assert_eq!(challenges.len(), 1);
        assert_eq!(challenges[0].get("realm"), Some(r#"a, Basic "b" \"#));
    }

    #[test]
    fn several_challenges_stand_in_one_header_or_in_many() {
        let text =
            r#"Basic realm="x", Negotiate, NTLM TlRMTVNTUA==, Bearer scope="s", Digest qop="auth", nonce=a"#;
        assert_eq!(schemes(text), ["Basic", "Negotiate", "NTLM", "Bearer", "Digest"]);
        assert_eq!(demand(&[text]).scope, Some(Scopes::parse("s")));
        assert_eq!(demand(&[r#"Basic scope="no""#, r#"Bearer scope="s""#]).scope, Some(Scopes::parse("s")));
    }

    #[test]
    fn what_other_schemes_say_does_not_count() {
        assert_eq!(
            demand(&[r#"Basic realm="x", error="e", resource_metadata="https://x""#]),
            Demand::default()
        );
    }

    #[test]
    fn a_challenge_for_proofs_of_possession_counts() {
        let found = demand(&[r#"DPoP error="use_dpop_nonce", resource_metadata="https://x/y""#]);
        assert_eq!(found.error.as_deref(), Some("use_dpop_nonce"));
        assert_eq!(found.resource_metadata.as_deref(), Some("https://x/y"));
    }

    #[test]
    fn the_first_of_a_name_counts() {
        assert_eq!(demand(&[r#"Bearer scope="a", scope="b""#]).scope, Some(Scopes::parse("a")));
    }

    #[test]
    fn rubbish_is_passed_over() {
        for text in [
            "",
            ",,,",
            "=",
            "\"",
            "\"unended",
            "Bearer",
            "Bearer realm=\"unended",
            "Bearer =a",
            "a=b",
            "@@ {}",
        ] {
            assert_eq!(demand(&[text]), Demand::default(), "{text}");
        }
        assert_eq!(demand(&[r#""x" @ , Bearer scope="s""#]).scope, Some(Scopes::parse("s")));
        assert_eq!(demand(&[r#"Bearer @, scope="s""#]).scope, Some(Scopes::parse("s")));
    }
}
