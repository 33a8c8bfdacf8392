use std::time::Duration;

/// What one round of one server came to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    /// Microseconds of the server's CPU per request.
    pub(super) cpu: f64,
    /// Requests per second.
    pub(super) rate: f64,
    /// Microseconds.
    pub(super) p50: f64,
    pub(super) p99: f64,
    /// KiB of memory at the most.
    pub(super) peak: u64,
}

impl Sample {
    pub(super) fn new(cpu: Duration, wall: Duration, mut latencies: Vec<Duration>, peak: u64) -> Self {
        latencies.sort_unstable();
        let count = latencies.len();
        let quantile = |part: usize| latencies[(count * part / 100).min(count - 1)].as_secs_f64() * 1e6;
        Self {
            cpu: cpu.as_secs_f64() * 1e6 / count as f64,
            rate: count as f64 / wall.as_secs_f64(),
            p50: quantile(50),
            p99: quantile(99),
            peak,
        }
    }
}

/// The middle of several rounds, and how far they lie apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Spread {
    /// Of at least one number.
    pub(crate) fn of(numbers: impl IntoIterator<Item = f64>) -> Self {
        let mut numbers: Vec<f64> = numbers.into_iter().collect();
        numbers.sort_unstable_by(f64::total_cmp);
        let at = |index: usize| numbers.get(index).copied().unwrap_or(f64::NAN);
        Self { median: at(numbers.len() / 2), least: at(0), most: at(numbers.len().saturating_sub(1)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_the_median_between_its_ends() {
        assert_eq!(Spread::of([3.0, 1.0, 2.0]), Spread { median: 2.0, least: 1.0, most: 3.0 });
    }

    #[test]
    fn a_sample_is_per_request() {
        let latencies = (1..=100).map(Duration::from_micros).collect();
        let sample = Sample::new(Duration::from_millis(1), Duration::from_secs(2), latencies, 7);
        assert_eq!((sample.cpu, sample.rate), (10.0, 50.0));
        assert_eq!((sample.p50.round(), sample.p99.round()), (51.0, 100.0));
    }
}
