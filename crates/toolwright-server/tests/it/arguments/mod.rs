//! Arguments: derived schemas, readable errors, second chances, and values from text.
mod coercion;
mod errors;
mod fits;
mod schemas;
mod text;
mod types;
