//! All components of a server, as an immutable snapshot that calls read without a lock.
mod catalog;
mod cursor;
mod family;
mod lookup;
mod page;
mod snapshot;
mod version;

pub(crate) use catalog::{Catalog, Parts};
pub(crate) use cursor::Cursor;
pub(crate) use family::{Family, Item};
pub(crate) use lookup::{Missing, ask};
pub use page::Page;
pub(crate) use page::{Listing, PageKey, Pages};
pub(crate) use snapshot::Snapshot;
