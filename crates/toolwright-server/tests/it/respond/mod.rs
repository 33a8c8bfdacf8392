//! What handlers return, and the results that come of it.
mod numbers;
mod prompts;
mod resources;
mod tools;
