use aws_lc_rs::{
    digest::{SHA256, digest as hash},
    rand,
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::Value;

pub(in super::super) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// SHA-256 of a text, as base64url.
pub(in super::super) fn digest(text: &str) -> String {
    base64url(hash(&SHA256, text.as_bytes()))
}

/// SHA-256 of a text, as plain base64: what a content security policy wants.
pub(in super::super) fn digest_base64(text: &str) -> String {
    STANDARD.encode(hash(&SHA256, text.as_bytes()))
}

/// `N` random bytes as base64url.
pub(in super::super) fn random<const N: usize>() -> String {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).expect("the system has randomness");
    base64url(bytes)
}

/// The part of a signed token that is signed (RFC 7515, "JWS Signing Input").
pub(super) fn signing_input(header: &Value, claims: &Value) -> String {
    format!("{}.{}", base64url(header.to_string()), base64url(claims.to_string()))
}
