use std::fmt;

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Method;
use serde_json::{Value, json};
use url::Url;

use super::{
    super::{Secret, clock},
    encode::{base64url, digest, random, signing_input},
};

/// The key that tokens are bound to (RFC 9449): whoever steals a token cannot use it without the key.
pub(in super::super) struct DpopKey {
    pair: EcdsaKeyPair,
    jwk: Value,
    thumbprint: String,
}

impl DpopKey {
    pub(in super::super) fn generate() -> Self {
        let pair =
            EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("the system has randomness");
        Self::new(pair)
    }

    /// A key that was kept as text; `None` when the text is none.
    pub(in super::super) fn restore(kept: &Secret) -> Option<Self> {
        let der = STANDARD.decode(kept.expose()).ok()?;
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der).ok().map(Self::new)
    }

    /// The key as text, to be kept beside the tokens that are bound to it.
    pub(in super::super) fn keep(&self) -> Secret {
        let der = self.pair.to_pkcs8v1().expect("a good key can be encoded");
        STANDARD.encode(der.as_ref()).into()
    }

    fn new(pair: EcdsaKeyPair) -> Self {
        // An uncompressed point: 4, then x and y.
        let point = pair.public_key().as_ref();
        let (x, y) = (base64url(&point[1..33]), base64url(&point[33..65]));
        // The members in the order that thumbprints are taken of (RFC 7638, "JWK Members Used in the Thumbprint Computation").
        let thumbprint = digest(&format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#));
        let jwk = json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y });
        Self { pair, jwk, thumbprint }
    }

    /// The key's thumbprint (RFC 9449, "Authorization Code Binding to a DPoP Key").
    pub(in super::super) fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// A proof for one request (RFC 9449, "DPoP Proof JWT Syntax"), with `token` once there is one.
    pub(in super::super) fn proof(
        &self,
        method: &Method,
        url: &Url,
        token: Option<&Secret>,
        nonce: Option<&str>,
    ) -> String {
        let mut target = url.clone();
        target.set_query(None);
        target.set_fragment(None);
        let mut claims = json!({
            "jti": random::<16>(),
            "htm": method.as_str(),
            "htu": target.as_str(),
            "iat": clock::now(),
        });
        if let Some(token) = token {
            claims["ath"] = digest(token.expose()).into();
        }
        if let Some(nonce) = nonce {
            claims["nonce"] = nonce.into();
        }
        let input = signing_input(&json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk }), &claims);
        let signature =
            self.pair.sign(&SystemRandom::new(), input.as_bytes()).expect("signing with a good key succeeds");
        format!("{input}.{}", base64url(signature))
    }
}

impl fmt::Debug for DpopKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DpopKey").field("thumbprint", &self.thumbprint).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    fn part(proof: &str, at: usize) -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(proof.split('.').nth(at).unwrap()).unwrap()).unwrap()
    }

    fn proof(key: &DpopKey, token: Option<&Secret>, nonce: Option<&str>) -> String {
        key.proof(&Method::POST, &"https://api.example.com/mcp?a=b#c".parse().unwrap(), token, nonce)
    }

    #[test]
    fn a_proof_names_request_token_and_nonce() {
        let key = DpopKey::generate();
        let claims = part(&proof(&key, Some(&"token".into()), Some("n")), 1);
        assert_eq!(claims["htm"], "POST");
        assert_eq!(claims["htu"], "https://api.example.com/mcp");
        assert_eq!(claims["ath"], "PEaenWxYddN6Q_NT1PiOYfz4EsZu7jRXRlpAsNpBU-A");
        assert_eq!(claims["nonce"], "n");
        let bare = part(&proof(&key, None, None), 1);
        assert!(bare.get("ath").is_none() && bare.get("nonce").is_none());
        assert_ne!(bare["jti"], claims["jti"]);
    }

    #[test]
    fn a_proof_carries_the_public_key_that_verifies_it() {
        let key = DpopKey::generate();
        let proof = proof(&key, None, None);
        let header = part(&proof, 0);
        assert_eq!((&header["typ"], &header["alg"]), (&json!("dpop+jwt"), &json!("ES256")));
        assert!(header["jwk"].get("d").is_none());
        let decode = |text: &Value| URL_SAFE_NO_PAD.decode(text.as_str().unwrap()).unwrap();
        let point = [vec![4], decode(&header["jwk"]["x"]), decode(&header["jwk"]["y"])].concat();
        let (input, signature) = proof.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(input.as_bytes(), &signature).unwrap();
    }

    #[test]
    fn a_kept_key_is_the_same_key() {
        let key = DpopKey::generate();
        assert_eq!(DpopKey::restore(&key.keep()).unwrap().thumbprint(), key.thumbprint());
        assert!(DpopKey::restore(&"rubbish".into()).is_none());
    }
}
