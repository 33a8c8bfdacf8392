//! Which revision of the protocol client and server speak ("Versioning", "Era detection").
mod choice;
mod handshake;
mod known;
mod line;
mod probe;
mod verdict;

pub use choice::EraChoice;

pub(crate) use probe::{Wishes, negotiate};
