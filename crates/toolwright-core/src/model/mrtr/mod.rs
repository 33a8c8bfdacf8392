//! Multi round-trip requests, from 2026-07-28 on (basic/patterns/mrtr).
mod request;
mod response;
mod result;

pub use request::{InputRequest, InputRequests};
pub use response::{InputResponse, InputResponses};
pub use result::InputRequiredResult;
