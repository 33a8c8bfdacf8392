use serde::{Deserialize, Serialize};

use super::macros::setters;

/// A picture that stands for a component or an implementation (basic, "Icons").
///
/// # Example
/// ```
/// use toolwright_core::model::{Icon, IconTheme};
///
/// let icon = Icon::new("https://example.com/icon.svg").mime_type("image/svg+xml").theme(IconTheme::Dark);
/// assert_eq!(icon.src, "https://example.com/icon.svg");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Icon {
    /// Where it is: an `https:` or `data:` URI.
    pub src: String,
    /// Its media type, where the source does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// The sizes it suits, as `48x48`, or `any`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sizes: Option<Vec<String>>,
    /// The background it was made for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme: Option<IconTheme>,
}

setters!(Icon {
    into mime_type: String,
    list sizes: String,
    set theme: IconTheme,
});

impl Icon {
    /// An icon at `src`.
    pub fn new(src: impl Into<String>) -> Self {
        Self { src: src.into(), mime_type: None, sizes: None, theme: None }
    }
}

/// The background an icon was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum IconTheme {
    /// A light background.
    Light,
    /// A dark background.
    Dark,
}
