use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// 128 random bits: a name that nobody can guess. As text it has 22 characters and fits into a URL.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct RandomId([u8; 16]);

impl RandomId {
    /// A new one.
    ///
    /// # Errors
    /// When the operating system has no random numbers.
    pub(crate) fn mint() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        // What is longer is none, so that nobody makes us decode megabytes.
        if text.len() != 22 {
            return None;
        }
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }
}

impl fmt::Display for RandomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

/// Whoever knows it can use it, so it does not belong into logs.
impl fmt::Debug for RandomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RandomId(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_says_the_same_id_and_debug_says_nothing() {
        let id = RandomId::mint().unwrap();
        assert_ne!(id, RandomId::mint().unwrap());
        let text = id.to_string();
        assert!(
            text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'),
            "{text}"
        );
        assert_eq!(RandomId::parse(&text), Some(id));
        assert_eq!(format!("{id:?}"), "RandomId(..)");
    }

    #[test]
    fn other_text_is_no_id() {
        for text in
            ["", "cart", "AAAAAAAAAAAAAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAAAA+", "AAAAAAAAAAAAAAAAAAAAAAA"]
        {
            assert_eq!(RandomId::parse(text), None, "{text}");
        }
        assert!(RandomId::parse("AAAAAAAAAAAAAAAAAAAAAA").is_some());
    }
}
