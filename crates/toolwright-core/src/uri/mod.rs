//! Resource URIs and their templates.
//!
//! A [`UriTemplate`] tells whether a URI is one of its own and which values its variables have there, and makes URIs from values.
//! URIs stay the strings they are: nothing is normalised, and two URIs are the same if they are spelled the same.
//!
//! A value never leaves the place that the template gives it. It is percent-decoded after the URI was split, and what would
//! then hold a separator, a dot segment or a NUL does not match. So `files:///{name}` never yields `../etc/passwd`, however it is
//! encoded.
mod captures;
mod error;
mod expand;
mod matching;
mod parse;
mod specificity;
mod template;
mod validate;
mod value;

pub use captures::Captures;
pub use error::{ExpandError, InvalidUri, TemplateError};
pub use expand::expand;
pub use specificity::Specificity;
pub use template::UriTemplate;
pub use validate::validate;
