//! From the superset of the model to what one revision knows: what it lacks is left out or said in other words.
mod content;
mod definition;
mod elicitation;
mod implementation;
mod sampling;
mod tool;
mod wrap;
pub use elicitation::FormError;
pub use sampling::SamplingError;
