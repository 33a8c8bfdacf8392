//! The guide, with examples that compile and run.
