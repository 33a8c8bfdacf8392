//! What goes wrong between a stateless client and its servers: by the checker, and what it cannot do, message by message.
mod all;
mod foreign;
mod gone;
mod keys;
mod replicas;
mod retries;
mod shop;
mod wire;
