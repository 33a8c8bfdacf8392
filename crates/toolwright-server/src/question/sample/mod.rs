//! Questions to a model: the client's, or that of a fallback.
mod answer;
mod ask;
mod check;
mod converse;
mod sampled;
mod toolbox;

pub use ask::AskSample;
pub use sampled::Sampled;
pub use toolbox::SampleTool;
