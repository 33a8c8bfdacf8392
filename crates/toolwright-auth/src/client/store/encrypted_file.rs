use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use aws_lc_rs::rand;
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use zeroize::Zeroizing;

use super::{
    super::{Secret, jose::digest},
    key::StoreKey,
    lock::StoreLock,
    token_store::{TokenStore, TokenStoreError},
};

/// First byte of a file, should there ever be another form.
const VERSION: u8 = 1;
const NONCE: usize = 24;
/// Binds what is sealed to its purpose, in case the key has others.
const PURPOSE: &[u8] = b"toolwright tokens 1";

/// Keeps tokens in one encrypted file (XChaCha20-Poly1305) that only its owner may read.
///
/// Each change replaces the file in one step: a crash leaves the old one or the new one. Several processes may share it; lock files
/// beside it keep their changes apart, and their renewals of the same tokens.
///
/// # Example
/// ```no_run
/// use toolwright_auth::client::{EncryptedFile, OAuth, StoreKey};
///
/// let key = StoreKey::from_env()?.ok_or("set TOOLWRIGHT_TOKEN_KEY")?;
/// let oauth = OAuth::builder("https://api.example.com/mcp").store(EncryptedFile::new("tokens", key)).build()?;
/// # let _ = oauth;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct EncryptedFile(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    key: StoreKey,
}

type Entries = BTreeMap<String, Zeroizing<String>>;

impl EncryptedFile {
    /// The file at `path`, which is made when there is something to keep. Its folder has to exist.
    pub fn new(path: impl Into<PathBuf>, key: StoreKey) -> Self {
        Self(Arc::new(Inner { path: path.into(), key }))
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, TokenStoreError> + Send + 'static,
    ) -> Result<T, TokenStoreError> {
        let inner = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || work(&inner)).await.unwrap_or_else(|error| {
            Err(TokenStoreError::new("the work on the file broke off").caused_by(error))
        })
    }
}

impl TokenStore for EncryptedFile {
    async fn load(&self, key: &str) -> Result<Option<Secret>, TokenStoreError> {
        let key = key.to_owned();
        self.blocking(move |file| Ok(file.read()?.get(&key).map(|value| Secret::from(value.as_str())))).await
    }

    async fn save(&self, key: &str, value: Secret) -> Result<(), TokenStoreError> {
        let key = key.to_owned();
        self.blocking(move |file| {
            file.change(|entries| {
                entries.insert(key, Zeroizing::new(value.expose().to_owned()));
            })
        })
        .await
    }

    async fn remove(&self, key: &str) -> Result<(), TokenStoreError> {
        let key = key.to_owned();
        self.blocking(move |file| {
            file.change(|entries| {
                entries.remove(&key);
            })
        })
        .await
    }

    async fn lock(&self, key: &str) -> Result<StoreLock, TokenStoreError> {
        // A server that answers slowly does not keep others from theirs.
        let suffix = format!("{}.lock", &digest(key)[..16]);
        self.blocking(move |file| file.locked(&suffix).map(StoreLock::new)).await
    }
}

impl Inner {
    fn failed(&self, what: &str, error: io::Error) -> TokenStoreError {
        TokenStoreError::new(format!("`{}` cannot be {what}", self.path.display())).caused_by(error)
    }

    fn read(&self) -> Result<Entries, TokenStoreError> {
        let sealed = match fs::read(&self.path) {
            Ok(sealed) => sealed,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Entries::new()),
            Err(error) => return Err(self.failed("read", error)),
        };
        let plain = self.open(&sealed).ok_or_else(|| {
            TokenStoreError::new(format!(
                "`{}` does not open: the key is another one, or the file was changed",
                self.path.display()
            ))
        })?;
        let entries: BTreeMap<String, String> = serde_json::from_slice(&plain).map_err(|_| {
            // The error of the parser could quote a secret.
            TokenStoreError::new(format!("`{}` holds something else than tokens", self.path.display()))
        })?;
        Ok(entries.into_iter().map(|(key, value)| (key, Zeroizing::new(value))).collect())
    }

    fn change(&self, change: impl FnOnce(&mut Entries)) -> Result<(), TokenStoreError> {
        let _lock = self.locked("lock")?;
        let mut entries = self.read()?;
        change(&mut entries);
        let texts: BTreeMap<&str, &str> =
            entries.iter().map(|(key, value)| (&**key, value.as_str())).collect();
        let plain = Zeroizing::new(serde_json::to_vec(&texts).expect("texts can be written as JSON"));
        self.replace(&self.seal(&plain)).map_err(|error| self.failed("written", error))
    }

    /// Locks the file with this suffix until it is closed; others have to wait.
    fn locked(&self, suffix: &str) -> Result<File, TokenStoreError> {
        let failed = |error| self.failed("locked", error);
        let file = private(&self.beside(suffix), false).map_err(failed)?;
        file.lock().map_err(failed)?;
        Ok(file)
    }

    /// Writes beside the file, and moves that into its place.
    fn replace(&self, sealed: &[u8]) -> io::Result<()> {
        let beside = self.beside("new");
        let mut file = private(&beside, true)?;
        file.write_all(sealed)?;
        file.sync_all()?;
        fs::rename(&beside, &self.path)
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        let mut path = self.path.clone().into_os_string();
        path.push(".");
        path.push(suffix);
        path.into()
    }

    fn seal(&self, plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE];
        rand::fill(&mut nonce).expect("the system has randomness");
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: PURPOSE })
            .expect("a file of tokens is not too long to be sealed");
        [&[VERSION][..], &nonce, &sealed].concat()
    }

    fn open(&self, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (&version, rest) = sealed.split_first()?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>()?;
        if version != VERSION {
            return None;
        }
        let payload = Payload { msg: sealed, aad: PURPOSE };
        self.cipher().decrypt(&XNonce::from(*nonce), payload).ok().map(Zeroizing::new)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.key.bytes().into())
    }
}

/// A file that only its owner may read and write.
fn private(path: &Path, anew: bool) -> io::Result<File> {
    if anew {
        // Whoever made a file of this name before could hold it open.
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    let mut options = OpenOptions::new();
    options.write(true).create(!anew).create_new(anew).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
