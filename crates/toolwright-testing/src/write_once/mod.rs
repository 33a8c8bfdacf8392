//! Whether a handler that asks behaves alike wherever it runs, and whatever goes wrong there.
mod call;
mod check;
mod difference;
mod effects;
mod faults;
mod fleet;
mod run;
mod setting;
mod target;
mod trial;

pub use check::WriteOnce;
pub use difference::{Difference, Differences};
pub use effects::Effects;
pub use faults::{Fault, Incident};
pub use fleet::Fleet;
pub use run::{Report, Run};
pub use setting::Setting;
