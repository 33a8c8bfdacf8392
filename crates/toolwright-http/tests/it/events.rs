use toolwright_http::{MemoryEventStore, contract};

#[tokio::test]
async fn the_store_in_memory_does_what_every_event_store_has_to() {
    contract::event_store(async || MemoryEventStore::new()).await;
}
