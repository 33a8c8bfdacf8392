//! Counts the allocations of each case: one line each, `name<TAB>allocations<TAB>bytes`.
#![expect(clippy::print_stdout, reason = "the lines are for the program that runs this")]

use toolwright_benches::case::Case;

const TIMES: u32 = 100;

fn main() {
    for (name, case) in Case::ALL {
        let mut run = case.prepare();
        // Caches fill and tables grow at first.
        run(100);
        let counted = allocation_counter::measure(|| run(TIMES as usize));
        println!(
            "{name}\t{}\t{}",
            counted.count_total / u64::from(TIMES),
            counted.bytes_total / u64::from(TIMES)
        );
    }
}
