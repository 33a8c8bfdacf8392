mod ids;
mod malformed;
mod messages;
mod properties;
