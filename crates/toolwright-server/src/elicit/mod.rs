//! Questions to the user as types: a form is a struct of flat fields, a choice is an enum.
mod answer;
mod choice;
mod field;
mod form;

pub use choice::{Choice, ElicitChoice};
pub use field::ElicitField;
pub use form::{Elicit, Form};

pub(crate) mod parts {
    //! What expansions of `derive(Elicit)` build forms with.
    pub use super::answer::{NoAnswer, OnlyAnswer, answer, suggestion};
}
