//! `ZCert`, the class of certificates: keys, and what is known of their owner.

mod file;

use std::fmt;
use std::path::Path;

use zmqx::curve::{KeyPair, PublicKey, SecretKey};
use zmqx::{Error, Kind, Result, Socket};

use crate::zsys;

/// A public key, the secret key that belongs to it where that is known, and metadata: the class `zcert`.
///
/// On disk a certificate is two files, in [ZPL](crate::ZConfig): the public one has the public key, for peers to have;
/// the secret one, whose name ends in `_secret`, has both keys, for the owner alone. They are CZMQ's, which reads what
/// this writes, and the other way round.
///
/// Certificates are not signed. How a public one comes to its peers has to be safe by itself.
///
/// ```
/// use czmq_like::prelude::*;
///
/// # if !zmqx::has(zmqx::Capability::Curve) { return Ok(()) }
/// # let folder = tempfile::tempdir()?;
/// # let filename = folder.path().join("mycert.txt");
/// let mut cert = ZCert::new()?;
/// cert.set_meta("name", "Pieter Hintjens");
/// cert.save(&filename)?; // and mycert.txt_secret
///
/// let loaded = ZCert::load(&filename)?; // the secret one, where it is there
/// assert_eq!(loaded, cert);
/// assert_eq!(loaded.meta("name"), Some("Pieter Hintjens"));
///
/// let ctx = ZCtx::new()?;
/// let server = ctx.socket(Rep)?;
/// loaded.apply(&server)?;
/// server.set_curve_server(true)?;
/// server.bind("tcp://127.0.0.1:*")?;
/// # Ok::<(), czmq_like::Error>(())
/// ```
#[derive(Clone)]
pub struct ZCert {
    public: PublicKey,
    secret: Option<SecretKey>,
    metadata: Vec<(String, String)>,
}

impl ZCert {
    /// Makes a certificate with new keys. Since libzmq 4.0.
    ///
    /// # Errors
    ///
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): the libzmq that runs has no CURVE. CZMQ gives keys of zeros.
    #[doc(alias = "zcert_new")]
    pub fn new() -> Result<Self> {
        KeyPair::new().map(Self::from)
    }

    /// Makes a certificate of both keys.
    ///
    /// A secret key of zeros, which CZMQ has for one that it does not know, is none.
    #[doc(alias = "zcert_new_from")]
    pub fn new_from(public: PublicKey, secret: SecretKey) -> Self {
        let is_known = *secret.as_bytes() != [0; 32];
        Self { public, secret: is_known.then_some(secret), metadata: Vec::new() }
    }

    /// Makes a certificate of both keys' Z85 text.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): one of them is no key's text.
    #[doc(alias = "zcert_new_from_txt")]
    pub fn new_from_txt(public: &str, secret: &str) -> Result<Self> {
        Ok(Self::new_from(public.parse()?, secret.parse()?))
    }

    /// Returns the public key.
    #[doc(alias = "zcert_public_key")]
    pub fn public_key(&self) -> PublicKey {
        self.public
    }

    /// Returns the secret key, where it is known.
    #[doc(alias = "zcert_secret_key")]
    pub fn secret_key(&self) -> Option<&SecretKey> {
        self.secret.as_ref()
    }

    /// Returns the public key's Z85 text.
    #[doc(alias = "zcert_public_txt")]
    pub fn public_txt(&self) -> String {
        self.public.to_string()
    }

    /// Returns the secret key's Z85 text, where it is known. That text is the caller's to wipe.
    #[doc(alias = "zcert_secret_txt")]
    pub fn secret_txt(&self) -> Option<String> {
        self.secret.as_ref().map(SecretKey::to_z85)
    }

    /// Sets what is known under a name; what was, is replaced. CZMQ keeps the first.
    ///
    /// To be [saved](Self::save), the name has to be one of [`ZConfig`](crate::ZConfig)'s.
    #[doc(alias = "zcert_set_meta")]
    pub fn set_meta(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        match self.metadata.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.metadata.push((name, value)),
        }
    }

    /// Forgets what is known under a name.
    #[doc(alias = "zcert_unset_meta")]
    pub fn unset_meta(&mut self, name: &str) {
        self.metadata.retain(|(known, _)| known != name);
    }

    /// Returns what is known under a name.
    #[doc(alias = "zcert_meta")]
    pub fn meta(&self, name: &str) -> Option<&str> {
        self.metadata.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Returns the names of what is known, in the order in which they were set.
    #[doc(alias = "zcert_meta_keys")]
    pub fn meta_keys(&self) -> impl Iterator<Item = &str> {
        self.metadata.iter().map(|(name, _)| name.as_str())
    }

    /// Loads a certificate: from the secret file, `filename` and `_secret`, or where there is none that this process may
    /// read, from the public one.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): the file is no certificate.
    /// - What the system says, as [`NotFound`](crate::ErrorKind::NotFound).
    #[doc(alias = "zcert_load")]
    pub fn load(filename: impl AsRef<Path>) -> Result<Self> {
        file::load(filename.as_ref())
    }

    /// Saves both files: the public one, and the secret one, whose name is `filename` and `_secret`.
    ///
    /// # Errors
    ///
    /// - Those of [`save_secret`](Self::save_secret).
    #[doc(alias = "zcert_save")]
    pub fn save(&self, filename: impl AsRef<Path>) -> Result<()> {
        let filename = filename.as_ref();
        // First: it may not be possible.
        self.save_secret(file::secret_name(filename))?;
        self.save_public(filename)
    }

    /// Saves the public file.
    ///
    /// It is written whole or not at all, so that a server that looks for it never finds a part.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): metadata that a file cannot have.
    /// - What the system says.
    #[doc(alias = "zcert_save_public")]
    pub fn save_public(&self, filename: impl AsRef<Path>) -> Result<()> {
        file::save_public(self, filename.as_ref())
    }

    /// Saves the secret file. Nobody but its owner may read it, on Unix.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): the secret key is not known, or metadata that a file cannot
    ///   have.
    /// - What the system says.
    #[doc(alias = "zcert_save_secret")]
    pub fn save_secret(&self, filename: impl AsRef<Path>) -> Result<()> {
        file::save_secret(self, filename.as_ref())
    }

    /// Gives a socket these keys, before it binds or connects. Since libzmq 4.0.
    ///
    /// A server is then told to be one, by [`set_curve_server`](Socket::set_curve_server); a client who its server is, by
    /// [`set_curve_serverkey`](Socket::set_curve_serverkey).
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): the secret key is not known.
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): the libzmq that runs has no CURVE. CZMQ does nothing then, and
    ///   the socket speaks in the clear.
    #[doc(alias = "zcert_apply")]
    pub fn apply<K: Kind>(&self, socket: &Socket<K>) -> Result<()> {
        socket.set_curve_secretkey(self.known_secret("apply certificate")?)?;
        socket.set_curve_publickey(&self.public)
    }

    fn known_secret(&self, operation: &'static str) -> Result<&SecretKey> {
        let secret = self.secret.as_ref();
        secret.ok_or_else(|| Error::invalid(operation, "its secret key is not known"))
    }

    /// Returns a copy.
    #[doc(alias = "zcert_dup")]
    #[must_use]
    pub fn dup(&self) -> Self {
        self.clone()
    }

    /// Logs the certificate by [`zsys::info`], all but the secret key, which CZMQ's shows.
    #[doc(alias = "zcert_print")]
    pub fn print(&self) {
        zsys::info("zcert: metadata");
        for (name, value) in &self.metadata {
            zsys::info(format!("zcert:     {name} = \"{}\"", value.escape_debug()));
        }
        zsys::info("zcert: curve");
        zsys::info(format!("zcert:     public-key = \"{}\"", self.public));
    }
}

impl From<KeyPair> for ZCert {
    fn from(keys: KeyPair) -> Self {
        Self::new_from(keys.public, keys.secret)
    }
}

impl From<PublicKey> for ZCert {
    /// Makes a peer's certificate, of which the secret key is not known.
    fn from(public: PublicKey) -> Self {
        Self { public, secret: None, metadata: Vec::new() }
    }
}

impl PartialEq for ZCert {
    /// Compares the keys, and not the metadata: `zcert_eq`.
    fn eq(&self, other: &Self) -> bool {
        self.public == other.public && self.secret == other.secret
    }
}

impl Eq for ZCert {}

impl fmt::Debug for ZCert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { public, secret, metadata } = self;
        let mut shown = f.debug_struct("ZCert");
        shown.field("public", public).field("secret", secret).field("metadata", metadata).finish()
    }
}
