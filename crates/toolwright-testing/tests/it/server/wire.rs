use std::{fs, path::Path};

use toolwright_core::joint::Transport;
use toolwright_testing::transcript::Replay;

use super::fixture::server;

#[tokio::test]
async fn the_server_says_what_the_transcripts_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        Replay::new(server()).transport(Transport::Stdio).file(file).await.unwrap();
    }
}
