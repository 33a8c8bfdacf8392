//! Secrets as people write them down.

/// Reads keys that are written as hexadecimal digits, two for each of `bytes`, into those. White space around them does not count.
///
/// # Example
/// ```
/// use toolwright_core::hex;
///
/// let mut key = [0; 4];
/// hex::decode("00ff10Ab\n", &mut key)?;
/// assert_eq!(key, [0, 255, 16, 171]);
/// assert_eq!(
///     hex::decode("secret", &mut key).unwrap_err().to_string(),
///     "expected 8 hexadecimal digits; `openssl rand -hex 4` makes them"
/// );
/// # Ok::<(), hex::ParseHexError>(())
/// ```
///
/// # Errors
/// When `digits` is anything else. Then `bytes` are of no use.
pub fn decode(digits: &str, bytes: &mut [u8]) -> Result<(), ParseHexError> {
    let error = ParseHexError { bytes: bytes.len() };
    let digits = digits.trim().as_bytes();
    if digits.len() != 2 * bytes.len() {
        return Err(error);
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16).ok_or(error);
        *byte = u8::try_from(digit(0)? * 16 + digit(1)?).expect("two digits are one byte");
    }
    Ok(())
}

/// A text is no such number of hexadecimal digits. It does not repeat the text, which may be most of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {} hexadecimal digits; `openssl rand -hex {bytes}` makes them", 2 * bytes)]
pub struct ParseHexError {
    bytes: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_digits_are_a_byte_and_nothing_else_is_read() {
        let read = |digits: &str| {
            let mut bytes = [0; 2];
            decode(digits, &mut bytes).map(|()| bytes)
        };
        assert_eq!(read(" 0aF0\n").unwrap(), [0x0a, 0xf0]);
        for wrong in ["", "00f", "00ff0", "00fg", "0 ff", "+0ff", "éé"] {
            assert_eq!(read(wrong), Err(ParseHexError { bytes: 2 }), "{wrong}");
        }
    }
}
