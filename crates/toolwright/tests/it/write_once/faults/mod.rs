//! What goes wrong between a stateless client and its servers, message by message.
mod foreign;
mod gone;
mod keys;
mod replicas;
mod retries;
mod shop;
mod wire;
