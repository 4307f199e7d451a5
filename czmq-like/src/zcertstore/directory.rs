//! The certificates in a directory, looked at again when its files change.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use zmqx::ErrorKind;
use zmqx::curve::PublicKey;

use crate::textfile::Stamp;
use crate::{ZCert, zsys};

/// How many directories deep files are looked for.
const DEEPEST: usize = 16;

pub(super) struct Directory {
    location: PathBuf,
    /// The files that there were, the secret ones too, which belong to others.
    files: BTreeMap<PathBuf, Stamp>,
    /// Whether each further change of theirs shows.
    is_settled: bool,
}

impl Directory {
    pub(super) fn new(location: PathBuf) -> Self {
        Self { location, files: BTreeMap::new(), is_settled: false }
    }

    /// Has the next look find everything anew.
    pub(super) fn forget(&mut self) {
        self.is_settled = false;
    }

    /// The certificates, where they may be others than at the last look.
    pub(super) fn look(&mut self) -> Option<BTreeMap<PublicKey, ZCert>> {
        let mut files = BTreeMap::new();
        list(&self.location, DEEPEST, &mut files);
        if self.is_settled && files == self.files {
            return None;
        }
        // Known before the files are read: what changes meanwhile differs from it.
        let is_news = |path: &Path| self.files.get(path) != files.get(path);
        let mut certs = BTreeMap::new();
        for path in
            files.keys().filter(|path| !path.as_os_str().to_string_lossy().ends_with("_secret"))
        {
            match ZCert::load(path) {
                Ok(cert) => {
                    certs.entry(cert.public_key()).or_insert(cert);
                }
                // It has gone meanwhile.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) if is_news(path) => zsys::warning(format!("zcertstore: {error}")),
                Err(_) => {}
            }
        }
        self.is_settled = !files.values().any(Stamp::is_fresh);
        self.files = files;
        Some(certs)
    }
}

/// Finds the files below a directory. What cannot be read holds no certificates.
fn list(directory: &Path, depth: usize, files: &mut BTreeMap<PathBuf, Stamp>) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if depth > 0 {
                list(&path, depth - 1, files);
            }
        } else if let Some(metadata) = fs::metadata(&path).ok().filter(fs::Metadata::is_file) {
            files.insert(path, Stamp::of(&metadata));
        }
    }
}
