//! The program under test: `bench-subject serve` is a server with 100 tools over stdio, `bench-subject repeat CASE TIMES` does
//! the work of a case so many times, for a profiler or for counting instructions.
use std::{env, error::Error, sync::Arc};

use toolwright_benches::{case::Case, fixture};
use toolwright_stdio::{Options, serve};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    match &*arguments.iter().map(String::as_str).collect::<Vec<_>>() {
        ["serve"] => {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
            runtime.block_on(serve(Arc::new(fixture::server(100)), Options::new()))?;
            runtime.shutdown_background();
        }
        ["repeat", case, times] => {
            let case = Case::named(case).ok_or("no case of that name")?;
            case.prepare()(times.parse()?);
        }
        _ => return Err("usage: bench-subject serve | repeat CASE TIMES".into()),
    }
    Ok(())
}
