use std::{env, fmt, str::FromStr};

use aws_lc_rs::rand;
use toolwright_core::hex::{self, ParseHexError};
use zeroize::Zeroizing;

use super::super::Secret;

const VARIABLE: &str = "TOOLWRIGHT_TOKEN_KEY";
/// What an error calls it.
const IN_ENVIRONMENT: &str = "`TOOLWRIGHT_TOKEN_KEY`";
const LENGTH: usize = 32;

/// The key of an [`EncryptedFile`](super::EncryptedFile): 64 hexadecimal digits.
///
/// # Example
/// ```
/// use toolwright_auth::client::StoreKey;
///
/// let key = StoreKey::random();
/// let again: StoreKey = key.to_hex().expose().parse()?;
/// assert_eq!(again.to_hex(), key.to_hex());
/// assert_eq!(format!("{key:?}"), "StoreKey");
/// # Ok::<_, toolwright_auth::client::ParseStoreKeyError>(())
/// ```
#[derive(Clone)]
pub struct StoreKey(Zeroizing<[u8; LENGTH]>);

/// A text is no [`StoreKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no key for tokens: {1}")]
pub struct ParseStoreKeyError(&'static str, ParseHexError);

impl StoreKey {
    /// A new key. Keep it where secrets of the user are kept.
    pub fn random() -> Self {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        rand::fill(bytes.as_mut()).expect("the system has randomness");
        Self(bytes)
    }

    /// The key in `TOOLWRIGHT_TOKEN_KEY`; `None` when that is not set.
    ///
    /// # Errors
    /// When it is set to something else.
    pub fn from_env() -> Result<Option<Self>, ParseStoreKeyError> {
        let Some(text) = env::var_os(VARIABLE) else { return Ok(None) };
        // What is no Unicode is no digits either.
        let text = Zeroizing::new(text.to_string_lossy().into_owned());
        Self::read(IN_ENVIRONMENT, &text).map(Some)
    }

    /// The key as text, to be kept.
    pub fn to_hex(&self) -> Secret {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()
    }

    fn read(what: &'static str, text: &str) -> Result<Self, ParseStoreKeyError> {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        hex::decode(text, bytes.as_mut()).map_err(|error| ParseStoreKeyError(what, error))?;
        Ok(Self(bytes))
    }

    pub(super) fn bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }
}

impl FromStr for StoreKey {
    type Err = ParseStoreKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::read("this", text)
    }
}

impl fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_64_hexadecimal_digits() {
        let text = "00ff".repeat(16);
        assert_eq!(text.parse::<StoreKey>().unwrap().to_hex().expose(), text);
        assert!(format!(" {}\n", text.to_uppercase()).parse::<StoreKey>().is_ok());
        for wrong in ["", "00", &"0".repeat(63), &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(
                wrong.parse::<StoreKey>().unwrap_err().to_string(),
                "this is no key for tokens: expected 64 hexadecimal digits; `openssl rand -hex 32` makes them"
            );
        }
    }

    #[test]
    fn what_is_wrong_in_the_environment_names_the_variable() {
        assert_eq!(
            StoreKey::read(IN_ENVIRONMENT, "s3cret").unwrap_err().to_string(),
            "`TOOLWRIGHT_TOKEN_KEY` is no key for tokens: expected 64 hexadecimal digits; `openssl rand -hex 32` makes them"
        );
    }
}
