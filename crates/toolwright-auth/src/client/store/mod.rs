//! Where tokens and registrations are kept.
mod encrypted_file;
mod entry;
mod key;
mod lock;
mod memory;
mod token_store;

pub use encrypted_file::EncryptedFile;
pub(super) use entry::Entries;
pub use key::{ParseStoreKeyError, StoreKey};
pub use lock::StoreLock;
pub use memory::MemoryStore;
pub(super) use token_store::SharedTokenStore;
pub use token_store::{TokenStore, TokenStoreError};
