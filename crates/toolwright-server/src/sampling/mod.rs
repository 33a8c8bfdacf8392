//! Models that answer in place of the client's, for clients that cannot be asked.
mod answers;
mod fallback;
#[cfg(feature = "sampling-openai")]
#[cfg_attr(docsrs, doc(cfg(feature = "sampling-openai")))]
pub mod openai;

pub use answers::Answers;
pub use fallback::SamplingFallback;
pub(crate) use fallback::SharedFallback;
#[cfg(feature = "sampling-openai")]
#[cfg_attr(docsrs, doc(cfg(feature = "sampling-openai")))]
pub use openai::OpenAi;
