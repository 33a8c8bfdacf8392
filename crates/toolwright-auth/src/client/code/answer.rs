use url::form_urlencoded;

use super::super::{ErrorResponse, Secret};

/// Why an answer of the authorization endpoint is not acted on, or what it refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedirectError {
    /// It does not belong to this request: `state` is missing or another one.
    #[error("the answer does not belong to this sign-in (`state` differs)")]
    State,
    /// It may come from another authorization server ("Authorization Response Validation"; RFC 9207). Whatever else it says is
    /// not looked at.
    #[error(
        "the answer may come from another authorization server (`iss` differs or is missing): it is discarded"
    )]
    Issuer,
    /// It names something twice, or holds neither a code nor an error.
    #[error("the answer of the authorization server is malformed")]
    Malformed,
    /// The authorization server or the user refused.
    #[error("the authorization was refused: {0}")]
    Refused(ErrorResponse),
}

/// What an answer is measured by; recorded before the user is sent away.
#[derive(Debug)]
pub(super) struct Expected {
    pub(super) state: String,
    pub(super) issuer: String,
    /// Whether the authorization server says that it always names itself.
    pub(super) names_itself: bool,
}

impl Expected {
    /// Reads the query of the redirect.
    pub(super) fn read(&self, query: &str) -> Result<Secret, RedirectError> {
        let find = |name: &str| single(query, name);
        if find("state")?.is_none_or(|state| state != self.state) {
            return Err(RedirectError::State);
        }
        match find("iss")? {
            // Compared as it is, without any normalization.
            Some(issuer) if issuer == self.issuer => {}
            None if !self.names_itself => {}
            _ => return Err(RedirectError::Issuer),
        }
        if let Some(error) = find("error")? {
            let description = find("error_description")?;
            return Err(RedirectError::Refused(ErrorResponse::new(&error, description.as_deref())));
        }
        match find("code")? {
            Some(code) if !code.is_empty() => Ok(code.into()),
            _ => Err(RedirectError::Malformed),
        }
    }
}

/// A parameter, which must not come twice (RFC 6749, "Authorization Endpoint").
fn single(query: &str, name: &str) -> Result<Option<String>, RedirectError> {
    let mut found = form_urlencoded::parse(query.as_bytes()).filter(|(known, _)| known == name);
    match (found.next(), found.next()) {
        (value, None) => Ok(value.map(|(_, value)| value.into_owned())),
        _ => Err(RedirectError::Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://as.example.com";

    fn read(names_itself: bool, query: &str) -> Result<String, RedirectError> {
        let expected = Expected { state: "s".to_owned(), issuer: ISSUER.to_owned(), names_itself };
        expected.read(query).map(|code| code.expose().to_owned())
    }

    #[test]
    fn the_issuer_of_an_answer_is_compared_by_the_table() {
        let right = "https%3A%2F%2Fas.example.com";
        for (names_itself, iss, fine) in [
            (true, Some(right), true),
            (true, None, false),
            (false, Some(right), true),
            (false, None, true),
            (true, Some("https%3A%2F%2Fevil.example.com"), false),
            (false, Some("https%3A%2F%2Fevil.example.com"), false),
            (true, Some("https%3A%2F%2Fas.example.com%2F"), false),
            (false, Some("https%3A%2F%2Fas.example.com%2F"), false),
            (true, Some("https%3A%2F%2FAS.example.com"), false),
            (true, Some("HTTPS%3A%2F%2Fas.example.com"), false),
            (true, Some("https%3A%2F%2Fas.example.com%3A443"), false),
            (true, Some("https%253A%252F%252Fas.example.com"), false),
            (true, Some(""), false),
            (false, Some(""), false),
        ] {
            for rest in ["code=c", "error=access_denied"] {
                let iss = iss.map(|iss| format!("&iss={iss}")).unwrap_or_default();
                let found = read(names_itself, &format!("state=s&{rest}{iss}"));
                match (fine, rest) {
                    (true, "code=c") => assert_eq!(found.as_deref(), Ok("c"), "{iss}"),
                    (true, _) => assert!(matches!(found, Err(RedirectError::Refused(_))), "{iss}"),
                    (false, _) => {
                        assert_eq!(found, Err(RedirectError::Issuer), "{names_itself} {iss} {rest}")
                    }
                }
            }
        }
    }

    #[test]
    fn an_answer_to_another_request_is_not_looked_at() {
        for query in ["code=c", "state=t&code=c", "state=&code=c", "state=S&code=c", "error=e&state=t"] {
            assert_eq!(read(false, query), Err(RedirectError::State), "{query}");
        }
    }

    #[test]
    fn nothing_may_come_twice() {
        for query in ["state=s&state=s&code=c", "state=s&code=c&code=d", "state=s&code=c&iss=a&iss=b"] {
            assert_eq!(read(false, query), Err(RedirectError::Malformed), "{query}");
        }
        assert_eq!(read(false, "state=s"), Err(RedirectError::Malformed));
        assert_eq!(read(false, "state=s&code="), Err(RedirectError::Malformed));
    }

    #[test]
    fn an_error_wins_over_a_code_and_is_stripped_of_control_characters() {
        let Err(RedirectError::Refused(error)) =
            read(false, "state=s&code=c&error=x&error_description=a%1Bb")
        else {
            panic!("it was taken for a success")
        };
        assert_eq!(error.to_string(), "x (a?b)");
    }
}
