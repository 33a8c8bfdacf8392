//! Rules that need both the options and what they stand on.
mod constraints;
mod names;
mod signature;
mod template;

pub(crate) use constraints::{constraints, contradictory_blocking};
pub(crate) use names::{arguments, component_name};
pub(crate) use signature::{Place, signature};
pub(crate) use template::{missing_parameter, template};
