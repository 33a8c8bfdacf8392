//! Questions of a handler to the client: written once, asked in the way of the client's era.
//!
//! All of them go through one [`Asker`]. On a connection that can carry requests to the client it sends them; elsewhere it depends
//! on who runs the call.
mod ask;
mod asker;
mod back_channel;
mod confirm;
mod elicit;
mod elicit_url;
mod error;
mod roots;
mod sample;

pub use asker::{Asker, Question, SharedAsker};
pub use confirm::AskConfirm;
pub use elicit::{AskElicit, AskForm, Elicited};
pub use elicit_url::AskUrl;
pub use error::QuestionError;
pub use roots::AskRoots;
pub use sample::{AskSample, SampleTool, Sampled};
