use std::hash::Hasher;

/// Spreads the names of sessions, which are random themselves.
///
/// Nobody but this process chooses the names that a table holds, so nobody can make them collide, and the price of a hasher that
/// withstands chosen keys is saved for each request.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct IdHasher(u64);

/// 2^64 divided by the golden ratio: an odd number whose bits have no pattern.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(SPREAD);
        }
    }

    fn finish(&self) -> u64 {
        // A product carries differences upwards only; tables look at both ends.
        let folded = (self.0 ^ (self.0 >> 32)).wrapping_mul(SPREAD);
        folded ^ (folded >> 32)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::HashSet,
        hash::{BuildHasher, BuildHasherDefault},
    };

    use super::*;

    #[test]
    fn names_that_differ_in_one_digit_spread_over_a_table() {
        let hasher = BuildHasherDefault::<IdHasher>::default();
        let hash = |number: u32| hasher.hash_one(format!("00000000000000000000000{number:09x}"));
        let buckets: HashSet<u64> = (0..4096).map(|number| hash(number) % 4096).collect();
        assert!(buckets.len() > 2048, "{}", buckets.len());
        let tags: HashSet<u64> = (0..4096).map(|number| hash(number) >> 57).collect();
        assert_eq!(tags.len(), 128);
    }
}
