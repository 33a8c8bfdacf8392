use std::fmt;

/// Names a step of a call, the same each time that the call is run again for its answers.
///
/// Hand it on to whoever has the effect: a payment provider, a queue, a table with a unique column. Then the effect happens once
/// even where no journal can see to that, for example when a server dies in the middle of a step. A call that a client repeats
/// from scratch is another call, with other keys.
///
/// Its text has letters, digits and `-._~%` only, and cannot be guessed.
///
/// # Example
/// ```
/// use toolwright_server::{Context, HandlerError};
///
/// async fn pay(context: &Context) -> Result<String, HandlerError> {
///     context.once("charge", async |key| Ok::<_, HandlerError>(format!("Idempotency-Key: {key}"))).await
/// }
/// # let _ = pay;
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// No two pairs have the same key.
    pub(super) fn new(journal: &str, step: &str) -> Self {
        let mut text = format!("{journal}-");
        for byte in step.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => text.push(byte.into()),
                _ => text.push_str(&format!("%{byte:02X}")),
            }
        }
        Self(text)
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for IdempotencyKey {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<IdempotencyKey> for String {
    fn from(key: IdempotencyKey) -> Self {
        key.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_fit_into_headers_and_none_passes_for_another() {
        assert_eq!(
            IdempotencyKey::new("J", "tools/call:pay/charge").to_string(),
            "J-tools%2Fcall%3Apay%2Fcharge"
        );
        assert_ne!(IdempotencyKey::new("J", "a/b"), IdempotencyKey::new("J", "a%2Fb"));
    }
}
