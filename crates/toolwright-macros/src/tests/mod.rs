//! Snapshots of expansions.
