//! Lines on stderr for programs that have no subscriber of their own. Those who want more install one, and this one stays away.
mod lines;
mod time;
mod wanted;

use toolwright_server::Error;

use self::{lines::Lines, wanted::Wanted};

/// Logs to stderr what `wanted` says, unless the program logs already. Stdout belongs to the protocol.
pub(super) fn install(wanted: Option<&str>) -> Result<(), Error> {
    let wanted = Wanted::read(wanted)?;
    if tracing::dispatcher::has_been_set() {
        return Ok(());
    }
    // Somebody else may have come first since, and may.
    let _ = tracing::subscriber::set_global_default(Lines::new(wanted));
    Ok(())
}
