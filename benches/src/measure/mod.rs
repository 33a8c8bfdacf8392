//! The measurements, one a file, and what they share.
mod allocations;
mod baseline;
mod compile;
pub(crate) mod cpu;
mod instructions;
mod peer;
mod report;
mod start;
mod stdio;
mod subjects;

pub(crate) use allocations::allocations;
pub(crate) use baseline::Baseline;
pub(crate) use compile::compile;
pub(crate) use instructions::instructions;
pub(crate) use report::{Report, Verdict};
pub(crate) use start::start;
pub(crate) use stdio::stdio;
pub(crate) use subjects::{Subjects, cargo, client};
