use iri_string::types::UriStr;

use super::InvalidUri;

/// Checks that `uri` is an absolute URI (RFC 3986), with a scheme and perhaps a fragment. Nothing is changed or normalised.
///
/// # Errors
/// When it is none; the text tells the common mistakes apart.
///
/// # Example
/// ```
/// use toolwright_core::uri::validate;
///
/// assert!(validate("notes://today?tag=work").is_ok());
/// assert_eq!(
///     validate("today.txt").unwrap_err().to_string(),
///     "`today.txt` is no absolute URI: it has no scheme; write for example `notes://today.txt`",
/// );
/// ```
pub fn validate(uri: &str) -> Result<(), InvalidUri> {
    if UriStr::new(uri).is_ok() {
        return Ok(());
    }
    let reason = if uri.is_empty() {
        "it is empty".to_owned()
    } else if !has_scheme(uri) {
        format!("it has no scheme; write for example `notes://{}`", uri.trim_start_matches('/'))
    } else if let Some(character) = uri.chars().find(|character| !allowed(*character)) {
        format!("{character:?} must be percent-encoded")
    } else {
        "it breaks the grammar of RFC 3986".to_owned()
    };
    Err(InvalidUri::new(uri, reason))
}

fn has_scheme(uri: &str) -> bool {
    uri.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.chars().all(|each| each.is_ascii_alphanumeric() || "+-.".contains(each))
    })
}

fn allowed(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(character)
}
