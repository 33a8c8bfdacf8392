use std::{env, fmt, str::FromStr};

use aws_lc_rs::rand;
use zeroize::Zeroizing;

use super::super::Secret;

const VARIABLE: &str = "TOOLWRIGHT_TOKEN_KEY";
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
#[error("a key for tokens is 64 hexadecimal digits")]
#[non_exhaustive]
pub struct ParseStoreKeyError;

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
        match env::var(VARIABLE) {
            Ok(text) => Zeroizing::new(text).parse().map(Some),
            Err(env::VarError::NotPresent) => Ok(None),
            Err(env::VarError::NotUnicode(_)) => Err(ParseStoreKeyError),
        }
    }

    /// The key as text, to be kept.
    pub fn to_hex(&self) -> Secret {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()
    }

    pub(super) fn bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }
}

impl FromStr for StoreKey {
    type Err = ParseStoreKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().as_bytes();
        if text.len() != 2 * LENGTH {
            return Err(ParseStoreKeyError);
        }
        let mut bytes = Zeroizing::new([0; LENGTH]);
        for (byte, pair) in bytes.iter_mut().zip(text.chunks(2)) {
            let digit = |at: usize| char::from(pair[at]).to_digit(16).ok_or(ParseStoreKeyError);
            *byte = u8::try_from(digit(0)? * 16 + digit(1)?).expect("two digits are one byte");
        }
        Ok(Self(bytes))
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
            assert_eq!(wrong.parse::<StoreKey>().unwrap_err(), ParseStoreKeyError);
        }
    }
}
