use std::{fs, path::Path};

use tempfile::TempDir;
use toolwright_auth::client::{EncryptedFile, Secret, StoreKey, TokenStore};

use crate::world::{World, succeed};

fn key() -> StoreKey {
    "ab".repeat(32).parse().unwrap()
}

fn file(folder: &TempDir) -> EncryptedFile {
    EncryptedFile::new(folder.path().join("tokens"), key())
}

fn bytes(folder: &TempDir) -> Vec<u8> {
    fs::read(folder.path().join("tokens")).unwrap()
}

async fn load(store: &EncryptedFile, key: &str) -> Option<String> {
    store.load(key).await.unwrap().map(|value| value.expose().to_owned())
}

#[tokio::test]
async fn entries_are_kept_replaced_and_forgotten() {
    let folder = TempDir::new().unwrap();
    let store = file(&folder);
    assert_eq!(load(&store, "a").await, None);
    store.save("a", "1".into()).await.unwrap();
    store.save("b", "2".into()).await.unwrap();
    store.save("a", "3".into()).await.unwrap();
    let again = file(&folder);
    assert_eq!(
        (load(&again, "a").await.as_deref(), load(&again, "b").await.as_deref()),
        (Some("3"), Some("2"))
    );
    again.remove("a").await.unwrap();
    again.remove("a").await.unwrap();
    assert_eq!((load(&store, "a").await, load(&store, "b").await.as_deref()), (None, Some("2")));
}

#[tokio::test]
async fn nothing_can_be_read_in_the_file_and_no_two_are_the_same() {
    let folder = TempDir::new().unwrap();
    let store = file(&folder);
    store.save("https://server", "s3cret-s3cret".into()).await.unwrap();
    let one = bytes(&folder);
    store.save("https://server", "s3cret-s3cret".into()).await.unwrap();
    let other = bytes(&folder);
    let holds = |needle: &[u8]| one.windows(needle.len()).any(|window| window == needle);
    assert!(!holds(b"s3cret") && !holds(b"server"));
    assert_ne!(one, other);
    assert!(!format!("{store:?}").contains("abab"));
}

#[tokio::test]
async fn a_changed_file_or_another_key_does_not_open() {
    let folder = TempDir::new().unwrap();
    file(&folder).save("a", "1".into()).await.unwrap();
    let stranger = EncryptedFile::new(folder.path().join("tokens"), StoreKey::random());
    let error = stranger.load("a").await.unwrap_err();
    assert!(error.to_string().contains("does not open"), "{error}");
    assert!(stranger.save("a", "2".into()).await.is_err(), "it does not overwrite what it cannot read");
    let good = bytes(&folder);
    for at in [0, 1, 30, good.len() - 1] {
        let mut bad = good.clone();
        bad[at] ^= 1;
        fs::write(folder.path().join("tokens"), bad).unwrap();
        assert!(file(&folder).load("a").await.is_err(), "byte {at}");
    }
    for length in [0, 1, 24, good.len() - 1] {
        fs::write(folder.path().join("tokens"), &good[..length]).unwrap();
        assert!(file(&folder).load("a").await.is_err(), "{length} bytes");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = TempDir::new().unwrap();
    file(&folder).save("a", "1".into()).await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for entry in fs::read_dir(folder.path()).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
    // Somebody who loosened it finds it tight again.
    fs::set_permissions(folder.path().join("tokens"), fs::Permissions::from_mode(0o644)).unwrap();
    file(&folder).save("a", "2".into()).await.unwrap();
    assert_eq!(mode(&folder.path().join("tokens")), 0o600);
}

#[tokio::test]
async fn changes_at_the_same_time_do_not_lose_each_other() {
    let folder = TempDir::new().unwrap();
    let changes: Vec<_> = (0..32)
        .map(|number| {
            let store = file(&folder);
            tokio::spawn(async move { store.save(&number.to_string(), Secret::from("v")).await.unwrap() })
        })
        .collect();
    for change in changes {
        change.await.unwrap();
    }
    for number in 0..32 {
        assert!(load(&file(&folder), &number.to_string()).await.is_some(), "{number}");
    }
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_told() {
    let store = EncryptedFile::new("/nonexistent/tokens", key());
    assert!(store.save("a", "1".into()).await.unwrap_err().to_string().contains("/nonexistent/tokens"));
}

#[tokio::test]
async fn a_sign_in_survives_in_the_file() {
    let (world, folder) = (World::start().await, TempDir::new().unwrap());
    succeed(&world.oauth().store(file(&folder)).build().unwrap(), &world).await;
    succeed(&world.oauth().store(file(&folder)).build().unwrap(), &world).await;
    assert_eq!(world.seen("/token").len(), 1);
}

#[tokio::test]
async fn a_lock_keeps_others_from_the_same_key_until_it_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let (path, key) = (folder.path().join("tokens"), StoreKey::random());
    let (one, other) = (EncryptedFile::new(&path, key.clone()), EncryptedFile::new(&path, key));
    let lock = one.lock("a").await.unwrap();
    let waiting = tokio::spawn({
        let other = other.clone();
        async move { other.lock("a").await.map(drop) }
    });
    drop(other.lock("b").await.unwrap());
    other.save("a", "changed".into()).await.unwrap();
    assert!(!waiting.is_finished());
    drop(lock);
    waiting.await.unwrap().unwrap();
}
