//! What the expansions of the macros call. Not public API.
pub use schemars;
pub use serde;
pub use serde_json;
