//! `ZCertStore`, the class of stores of certificates: who is known.

mod directory;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use zmqx::curve::PublicKey;

use crate::{ZCert, zsys};

use directory::Directory;

/// Certificates, to be looked up by their public keys: the class `zcertstore`.
///
/// They are those of the files in a directory, and in those below it, or of the program's own making. Files that are
/// added, changed or removed count from the next lookup on; so does the directory, which need not be there yet.
/// A [`ZAuth`](crate::ZAuth) asks a store whom to let in.
///
/// Of the files, those whose names end in `_secret` belong to the others, those whose names begin with a dot are hidden,
/// and what is no certificate is nobody's, which [`zsys::warning`] tells. Links to files are followed, links to
/// directories are not. Of several files with one key, the first by name counts.
///
/// ```
/// use czmq_like::prelude::*;
///
/// # if !zmqx::has(zmqx::Capability::Curve) { return Ok(()) }
/// # let folder = tempfile::tempdir()?;
/// # let location = folder.path().join(".curve");
/// let mut store = ZCertStore::new(&location);
/// let mut cert = ZCert::new()?;
/// assert!(store.lookup(cert.public_key()).is_none());
///
/// zfile::mkdir(&location)?;
/// cert.set_meta("name", "John Doe");
/// cert.save_public(location.join("john.txt"))?;
/// let known = store.lookup(cert.public_key()).expect("it was just saved");
/// assert_eq!(known.meta("name"), Some("John Doe"));
/// # Ok::<(), czmq_like::Error>(())
/// ```
#[derive(Default)]
pub struct ZCertStore {
    loader: Option<Loader>,
    /// Those of the directory.
    found: BTreeMap<PublicKey, ZCert>,
    /// Those that were inserted.
    inserted: BTreeMap<PublicKey, ZCert>,
}

enum Loader {
    Directory(Directory),
    Own(Box<dyn FnMut(&mut ZCertStore) + Send>),
}

impl ZCertStore {
    /// Makes a store of the certificates in a directory.
    #[doc(alias = "zcertstore_new")]
    pub fn new(location: impl Into<PathBuf>) -> Self {
        let mut store = Self::in_memory();
        store.loader = Some(Loader::Directory(Directory::new(location.into())));
        store.reload();
        store
    }

    /// Makes an empty store, for certificates that are inserted: `zcertstore_new (NULL)`.
    #[doc(alias = "zcertstore_new")]
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// Has `loader` say what is in the store, now and before each lookup, in place of a directory.
    ///
    /// It changes the store by [`empty`](Self::empty) and [`insert`](Self::insert). Its lookups in the store do not call
    /// it again.
    ///
    /// ```
    /// use czmq_like::prelude::*;
    ///
    /// # if !zmqx::has(zmqx::Capability::Curve) { return Ok(()) }
    /// let cert = ZCert::new()?;
    /// let key = cert.public_key();
    /// let mut store = ZCertStore::in_memory();
    /// store.set_loader(move |store| {
    ///     store.empty();
    ///     store.insert(cert.clone());
    /// });
    /// assert!(store.lookup(key).is_some());
    /// # Ok::<(), czmq_like::Error>(())
    /// ```
    #[doc(alias = "zcertstore_set_loader")]
    pub fn set_loader(&mut self, loader: impl FnMut(&mut ZCertStore) + Send + 'static) {
        self.found.clear();
        self.loader = Some(Loader::Own(Box::new(loader)));
        self.reload();
    }

    fn reload(&mut self) {
        match &mut self.loader {
            Some(Loader::Directory(directory)) => {
                if let Some(found) = directory.look() {
                    self.found = found;
                }
            }
            Some(Loader::Own(_)) => {
                let loader = self.loader.take();
                let mut lent = Lent { store: self, loader };
                if let Lent { store, loader: Some(Loader::Own(load)) } = &mut lent {
                    load(store);
                }
            }
            None => {}
        }
    }

    /// Returns the certificate of this public key, where it is known.
    #[doc(alias = "zcertstore_lookup")]
    pub fn lookup(&mut self, public_key: PublicKey) -> Option<&ZCert> {
        self.reload();
        self.found.get(&public_key).or_else(|| self.inserted.get(&public_key))
    }

    /// Puts a certificate into the store, and gives the one that it takes the place of. It is saved nowhere.
    ///
    /// It stays, whatever becomes of the directory. In CZMQ it goes when the directory changes.
    #[doc(alias = "zcertstore_insert")]
    pub fn insert(&mut self, cert: ZCert) -> Option<ZCert> {
        self.inserted.insert(cert.public_key(), cert)
    }

    /// Forgets all certificates. Those of a directory are found again by the next lookup.
    #[doc(alias = "zcertstore_empty")]
    pub fn empty(&mut self) {
        self.found.clear();
        self.inserted.clear();
        if let Some(Loader::Directory(directory)) = &mut self.loader {
            directory.forget();
        }
    }

    /// Returns all certificates.
    #[doc(alias = "zcertstore_certs")]
    pub fn certs(&mut self) -> impl Iterator<Item = &ZCert> {
        self.reload();
        self.all()
    }

    fn all(&self) -> impl Iterator<Item = &ZCert> {
        let hidden = |cert: &&ZCert| !self.found.contains_key(&cert.public_key());
        self.found.values().chain(self.inserted.values().filter(hidden))
    }

    /// Logs the certificates that were last there, by [`zsys::info`].
    #[doc(alias = "zcertstore_print")]
    pub fn print(&self) {
        zsys::info(match self.loader {
            Some(_) => "zcertstore: certificates in store",
            None => "zcertstore: certificates in memory",
        });
        self.all().for_each(ZCert::print);
    }
}

/// A store that its loader is at, which is out of it meanwhile.
struct Lent<'a> {
    store: &'a mut ZCertStore,
    loader: Option<Loader>,
}

impl Drop for Lent<'_> {
    /// Puts the loader back, unless it has set another. Also where it has panicked: else what it has loaded would be
    /// known for ever.
    fn drop(&mut self) {
        if self.store.loader.is_none() {
            self.store.loader = self.loader.take();
        }
    }
}

impl fmt::Debug for ZCertStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.all()).finish()
    }
}
