use std::{fmt, sync::Arc};

use aws_lc_rs::{
    rand::SystemRandom,
    rsa,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::encode::{base64url, random, signing_input};
use crate::client::clock;

/// How long an assertion of a client is good, in seconds.
const LIFETIME: u64 = 60;

/// A private key that a client signs assertions with: P-256 (ES256) or RSA of at least 2,048 bits (RS256).
///
/// # Example
/// ```
/// use toolwright_auth::client::SigningKey;
///
/// assert!(SigningKey::from_pem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----").is_err());
/// ```
#[derive(Clone)]
pub struct SigningKey {
    pair: Arc<Pair>,
    id: Option<String>,
}

enum Pair {
    Ecdsa(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

/// A text is no private key that can be signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is no private key in PEM: P-256 or RSA of at least 2048 bits, PKCS#8, SEC 1 or PKCS#1, not encrypted"
)]
#[non_exhaustive]
pub struct ParseKeyError;

impl SigningKey {
    /// Reads a key in PEM.
    ///
    /// # Errors
    /// When it is another kind of key, encrypted, or no key.
    pub fn from_pem(pem: &str) -> Result<Self, ParseKeyError> {
        let (label, der) = decode(pem).ok_or(ParseKeyError)?;
        let ecdsa = |pair| Pair::Ecdsa(pair);
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pair = match &*label {
            "PRIVATE KEY" => EcdsaKeyPair::from_pkcs8(algorithm, &der)
                .map(ecdsa)
                .or_else(|_| RsaKeyPair::from_pkcs8(&der).map(Pair::Rsa)),
            "EC PRIVATE KEY" => EcdsaKeyPair::from_private_key_der(algorithm, &der).map(ecdsa),
            "RSA PRIVATE KEY" => RsaKeyPair::from_der(&der).map(Pair::Rsa),
            _ => return Err(ParseKeyError),
        };
        Ok(Self { pair: Arc::new(pair.map_err(|_| ParseKeyError)?), id: None })
    }

    /// The key's id in the client's key set (`kid`), if the authorization server tells keys apart by it.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// An assertion of the client `client_id` for the authorization server `issuer` (RFC 7523, "JWT Format and Processing
    /// Requirements").
    pub(in super::super) fn assertion(&self, client_id: &str, issuer: &str) -> String {
        let now = clock::now();
        self.sign(&json!({
            "iss": client_id,
            "sub": client_id,
            "aud": issuer,
            "iat": now,
            "exp": now + LIFETIME,
            "jti": random::<16>(),
        }))
    }

    fn sign(&self, claims: &Value) -> String {
        let mut header = json!({ "typ": "JWT" });
        header["alg"] = match &*self.pair {
            Pair::Ecdsa(_) => "ES256",
            Pair::Rsa(_) => "RS256",
        }
        .into();
        if let Some(id) = &self.id {
            header["kid"] = id.as_str().into();
        }
        let input = signing_input(&header, claims);
        let signature = match &*self.pair {
            Pair::Ecdsa(pair) => base64url(
                pair.sign(&SystemRandom::new(), input.as_bytes()).expect("signing with a good key succeeds"),
            ),
            Pair::Rsa(pair) => base64url(sign_rsa(pair, input.as_bytes())),
        };
        format!("{input}.{signature}")
    }
}

fn sign_rsa(pair: &rsa::KeyPair, input: &[u8]) -> Vec<u8> {
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), input, &mut signature)
        .expect("signing with a good key succeeds");
    signature
}

/// The label and the content of a PEM text.
fn decode(pem: &str) -> Option<(String, Zeroizing<Vec<u8>>)> {
    let (_, rest) = pem.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, _) = rest.split_once("-----END ")?;
    let compact: Zeroizing<String> =
        Zeroizing::new(body.chars().filter(|character| !character.is_ascii_whitespace()).collect());
    Some((label.to_owned(), Zeroizing::new(STANDARD.decode(compact.as_bytes()).ok()?)))
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::{
        encoding::{AsDer, EcPrivateKeyRfc5915Der, Pkcs8V1Der},
        signature::{
            self, ECDSA_P256_SHA256_FIXED, KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
        },
    };
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    fn pem(label: &str, der: &[u8]) -> String {
        let text = STANDARD.encode(der);
        let lines: Vec<_> =
            text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
    }

    fn ecdsa() -> EcdsaKeyPair {
        EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap()
    }

    fn part(token: &str, at: usize) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(token.split('.').nth(at).unwrap()).unwrap()
    }

    fn verify(token: &str, algorithm: &'static dyn signature::VerificationAlgorithm, public: &[u8]) {
        let (input, _) = token.rsplit_once('.').unwrap();
        UnparsedPublicKey::new(algorithm, public).verify(input.as_bytes(), &part(token, 2)).unwrap();
    }

    #[test]
    fn an_assertion_is_signed_and_meant_for_the_issuer() {
        let pair = ecdsa();
        let key = SigningKey::from_pem(&pem("PRIVATE KEY", pair.to_pkcs8v1().unwrap().as_ref())).unwrap();
        let token = key.id("k1").assertion("client", "https://as.example.com");
        verify(&token, &ECDSA_P256_SHA256_FIXED, pair.public_key().as_ref());
        let header: Value = serde_json::from_slice(&part(&token, 0)).unwrap();
        assert_eq!(header, json!({ "typ": "JWT", "alg": "ES256", "kid": "k1" }));
        let claims: Value = serde_json::from_slice(&part(&token, 1)).unwrap();
        assert_eq!(claims["iss"], "client");
        assert_eq!(claims["sub"], "client");
        assert_eq!(claims["aud"], "https://as.example.com");
        assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), LIFETIME);
    }

    #[test]
    fn no_two_assertions_are_the_same() {
        let key = SigningKey::from_pem(&pem("PRIVATE KEY", ecdsa().to_pkcs8v1().unwrap().as_ref())).unwrap();
        let id = |token: String| serde_json::from_slice::<Value>(&part(&token, 1)).unwrap()["jti"].clone();
        assert_ne!(id(key.assertion("c", "https://as")), id(key.assertion("c", "https://as")));
    }

    #[test]
    fn rsa_keys_sign_with_rs256() {
        let pair = RsaKeyPair::generate(rsa::KeySize::Rsa2048).unwrap();
        let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).unwrap();
        let token =
            SigningKey::from_pem(&pem("PRIVATE KEY", der.as_ref())).unwrap().assertion("c", "https://as");
        verify(&token, &RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref());
    }

    #[test]
    fn a_sec1_key_is_read_too() {
        let der = AsDer::<EcPrivateKeyRfc5915Der<'_>>::as_der(&ecdsa().private_key()).unwrap();
        assert!(SigningKey::from_pem(&pem("EC PRIVATE KEY", der.as_ref())).is_ok());
    }

    #[test]
    fn other_texts_are_no_keys() {
        let public = pem("PUBLIC KEY", ecdsa().public_key().as_ref());
        for text in ["", "key", "-----BEGIN PRIVATE KEY-----\n?\n-----END PRIVATE KEY-----", &public] {
            assert_eq!(SigningKey::from_pem(text).unwrap_err(), ParseKeyError);
        }
    }
}
