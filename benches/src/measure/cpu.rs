//! CPU time as the system accounts it.
use std::{error::Error, fs, time::Duration};

/// A tick of the counters in `/proc`, on every Linux.
const TICK: Duration = Duration::from_millis(10);

/// Time that the threads of a process have run, which must be the same threads whenever this is compared.
///
/// The kernel counts it in nanoseconds. Where it does not, there are ticks.
pub(crate) fn of_process(pid: u32) -> Result<Duration, Box<dyn Error>> {
    let mut total = Duration::ZERO;
    for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
        let Ok(schedule) = fs::read_to_string(thread?.path().join("schedstat")) else {
            return ticks_of_process(pid);
        };
        let nanoseconds = schedule.split_ascii_whitespace().next().ok_or("an empty schedstat file")?;
        total += Duration::from_nanos(nanoseconds.parse()?);
    }
    Ok(total)
}

/// The same in ticks, and for threads that have ended, too.
pub(crate) fn ticks_of_process(pid: u32) -> Result<Duration, Box<dyn Error>> {
    ticks(&format!("/proc/{pid}/stat"), 11)
}

/// User and system time of the children of this process that have ended.
pub(super) fn of_children() -> Result<Duration, Box<dyn Error>> {
    ticks("/proc/self/stat", 13)
}

/// Two neighbouring fields, counted from behind the name, which may hold anything.
fn ticks(path: &str, field: usize) -> Result<Duration, Box<dyn Error>> {
    let stat = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let (_, fields) = stat.rsplit_once(')').ok_or("no name in the stat file")?;
    let mut fields = fields.split_ascii_whitespace().skip(field);
    let mut next =
        || -> Result<u32, Box<dyn Error>> { Ok(fields.next().ok_or("a short stat file")?.parse()?) };
    Ok(TICK * (next()? + next()?))
}
