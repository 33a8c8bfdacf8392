use std::{env, fmt, str::FromStr, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    Tag, XChaCha20Poly1305, XNonce,
    aead::{AeadInOut, KeyInit},
};
use toolwright_core::hex::{self, ParseHexError};

use super::Binding;

/// Where keys come from if the builder has none.
const VARIABLE: &str = "TOOLWRIGHT_STATE_KEY";
/// First byte of a sealed text, for those who come after us.
const VERSION: u8 = 1;
const NONCE: usize = 24;
const TAG: usize = 16;
const HEAD: usize = 1 + NONCE;
/// Keys beside the first are there until what they sealed has expired.
const MOST: usize = 16;

type Key = [u8; 32];

/// The keys that seal what travels through clients: the state of calls that wait for an answer, and links for users to open.
///
/// A key is 32 random bytes, written as 64 hexadecimal digits (`openssl rand -hex 32`). The first one seals, all of them open: to
/// change the key, put the new one in front, and take the old one away when what it sealed has expired. Replicas of a server share
/// their keys. A server without keys makes one up, which nobody else has and which ends with the process.
///
/// # Example
/// ```
/// use toolwright_server::StateKeys;
///
/// let new = "6b1d8e0f".repeat(8);
/// let old = "03a4c7d2".repeat(8);
/// let keys: StateKeys = format!("{new},{old}").parse()?;
/// assert_eq!(format!("{keys:?}"), "StateKeys(2 keys)");
/// assert!("secret".parse::<StateKeys>().is_err());
/// # Ok::<(), toolwright_server::ParseStateKeysError>(())
/// ```
#[derive(Clone)]
pub struct StateKeys(Arc<[Key]>);

impl StateKeys {
    /// One new random key.
    ///
    /// # Panics
    /// When the operating system has no random numbers.
    pub fn random() -> Self {
        Self(Arc::new([random()]))
    }

    /// The keys in the environment variable `TOOLWRIGHT_STATE_KEY`; none if it is not set or empty.
    ///
    /// # Errors
    /// When it is set to something else.
    pub fn from_env() -> Result<Option<Self>, ParseStateKeysError> {
        let Some(text) = env::var_os(VARIABLE) else { return Ok(None) };
        // What is no Unicode is no digits either.
        let text = text.to_string_lossy();
        if text.trim().is_empty() { Ok(None) } else { text.parse().map(Some) }
    }

    /// Seals `plain` with the first key.
    pub(crate) fn seal(&self, binding: &Binding, plain: &[u8]) -> String {
        let nonce: [u8; NONCE] = random();
        let mut sealed = Vec::with_capacity(HEAD + plain.len() + TAG);
        sealed.push(VERSION);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let tag = XChaCha20Poly1305::new((&self.0[0]).into())
            .encrypt_inout_detached(&XNonce::from(nonce), binding.as_bytes(), (&mut sealed[HEAD..]).into())
            .expect("a message fits into memory, so it is shorter than the cipher's 256 GiB");
        sealed.extend_from_slice(&tag);
        URL_SAFE_NO_PAD.encode(sealed)
    }

    /// Opens what one of the keys sealed with the same binding.
    pub(crate) fn open(&self, binding: &Binding, text: &str) -> Option<Vec<u8>> {
        let sealed = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (head, rest) = sealed.split_at_checked(HEAD)?;
        let (&version, nonce) = head.split_first()?;
        let (body, tag) = rest.split_at_checked(rest.len().checked_sub(TAG)?)?;
        if version != VERSION {
            return None;
        }
        let nonce = XNonce::from(<[u8; NONCE]>::try_from(nonce).ok()?);
        let tag = Tag::from(<[u8; TAG]>::try_from(tag).ok()?);
        self.0.iter().find_map(|key| {
            let mut plain = body.to_vec();
            XChaCha20Poly1305::new(key.into())
                .decrypt_inout_detached(&nonce, binding.as_bytes(), plain.as_mut_slice().into(), &tag)
                .ok()?;
            Some(plain)
        })
    }
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system has random numbers");
    bytes
}

impl FromStr for StateKeys {
    type Err = ParseStateKeysError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let keys = text
            .split(',')
            .enumerate()
            .map(|(at, digits)| {
                let mut key = Key::default();
                hex::decode(digits, &mut key)
                    .map(|()| key)
                    .map_err(|why| ParseStateKeysError(Wrong::Digits { at: at + 1, why }))
            })
            .collect::<Result<Vec<_>, _>>()?;
        match keys.len() {
            1..=MOST => Ok(Self(keys.into())),
            count => Err(ParseStateKeysError(Wrong::Count { count })),
        }
    }
}

/// Keys are secrets.
impl fmt::Debug for StateKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => f.write_str("StateKeys(1 key)"),
            count => write!(f, "StateKeys({count} keys)"),
        }
    }
}

/// A text that is no list of keys. It does not repeat the text, which may be most of a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct ParseStateKeysError(Wrong);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Wrong {
    #[error("key {at} is not one that seals state: {why}, with commas between several keys")]
    Digits { at: usize, why: ParseHexError },
    #[error("there are {count} keys; at most {MOST} are used")]
    Count { count: usize },
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    const NEW: &str = "FFEEDDCCBBAA99887766554433221100ffeeddccbbaa99887766554433221100";

    fn keys(text: &str) -> StateKeys {
        text.parse().unwrap()
    }

    fn binding() -> Binding {
        Binding::new("test").part("book")
    }

    #[test]
    fn what_is_sealed_opens_with_the_same_binding() {
        let keys = StateKeys::random();
        for plain in [b"".as_slice(), b"answers", &[7; 5000]] {
            let text = keys.seal(&binding(), plain);
            assert_eq!(keys.open(&binding(), &text).as_deref(), Some(plain));
        }
    }

    #[test]
    fn texts_fit_into_urls_and_never_repeat() {
        let keys = StateKeys::random();
        let text = keys.seal(&binding(), b"answers");
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{text}");
        assert_ne!(text, keys.seal(&binding(), b"answers"));
    }

    #[test]
    fn another_binding_does_not_open() {
        let keys = StateKeys::random();
        let text = keys.seal(&binding(), b"answers");
        assert_eq!(keys.open(&Binding::new("test").part("cancel"), &text), None);
        assert_eq!(keys.open(&Binding::new("test").part("bo").part("ok"), &text), None);
        assert_eq!(keys.open(&Binding::new("other").part("book"), &text), None);
    }

    #[test]
    fn each_changed_bit_and_each_lost_byte_is_noticed() {
        let keys = StateKeys::random();
        let sealed = URL_SAFE_NO_PAD.decode(keys.seal(&binding(), b"answers")).unwrap();
        for bit in 0..sealed.len() * 8 {
            let mut tampered = sealed.clone();
            tampered[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(keys.open(&binding(), &URL_SAFE_NO_PAD.encode(tampered)), None, "bit {bit}");
        }
        for length in 0..sealed.len() {
            assert_eq!(keys.open(&binding(), &URL_SAFE_NO_PAD.encode(&sealed[..length])), None, "{length}");
        }
        for text in ["", "!", "AQ==", "ä"] {
            assert_eq!(keys.open(&binding(), text), None, "{text}");
        }
    }

    #[test]
    fn the_first_key_seals_and_all_open() {
        let (before, changing, after) = (keys(OLD), keys(&format!("{NEW}, {OLD}")), keys(NEW));
        let old = before.seal(&binding(), b"answers");
        assert!(changing.open(&binding(), &old).is_some());
        assert!(after.open(&binding(), &old).is_none());
        let new = changing.seal(&binding(), b"answers");
        assert!(after.open(&binding(), &new).is_some());
        assert!(before.open(&binding(), &new).is_none());
    }

    #[test]
    fn errors_say_what_is_expected_and_not_what_was_found() {
        for text in ["", "secret", &OLD[1..], &format!("{OLD}0"), &OLD.replace('f', "g")] {
            let error = text.parse::<StateKeys>().unwrap_err();
            assert_eq!(
                error.to_string(),
                "key 1 is not one that seals state: expected 64 hexadecimal digits; `openssl rand -hex 32` makes them, \
                 with commas between several keys"
            );
        }
        let error = format!("{OLD},").parse::<StateKeys>().unwrap_err();
        assert!(error.to_string().starts_with("key 2 is not one"));
        let error = vec![OLD; 17].join(",").parse::<StateKeys>().unwrap_err();
        assert_eq!(error.to_string(), "there are 17 keys; at most 16 are used");
    }

    #[test]
    fn debug_shows_how_many_keys_there_are() {
        assert_eq!(format!("{:?}", keys(OLD)), "StateKeys(1 key)");
        assert_eq!(format!("{:?}", keys(&format!("{NEW},{OLD}"))), "StateKeys(2 keys)");
    }
}
