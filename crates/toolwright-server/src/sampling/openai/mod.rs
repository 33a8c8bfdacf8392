//! Models behind an HTTP API of the shape that OpenAI gave it ("chat completions") and many others have taken over.
mod model;
mod request;
mod response;

pub use model::OpenAi;
