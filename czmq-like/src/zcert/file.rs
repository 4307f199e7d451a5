//! The files of certificates.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;
use zmqx::curve::{PublicKey, SecretKey};
use zmqx::{Error, ErrorKind, Result};

use super::ZCert;
use crate::{ZConfig, textfile, zclock};

const LOAD: &str = "load certificate";

/// The name of the secret file that belongs to a public one.
pub(super) fn secret_name(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push("_secret");
    name.into()
}

pub(super) fn load(path: &Path) -> Result<ZCert> {
    match load_one(&secret_name(path)) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) => {
            load_one(path)
        }
        loaded => loaded,
    }
}

fn load_one(path: &Path) -> Result<ZCert> {
    let invalid = |reason: &str| Error::invalid(LOAD, format!("{}: {reason}", path.display()));
    let mut root = ZConfig::load(path)?;
    // Wiped, also where it is no key.
    let secret = root.take("curve/secret-key").map(Zeroizing::new);
    let public = root.get("curve/public-key").ok_or_else(|| invalid("no public-key"))?;
    let public = public.parse::<PublicKey>().map_err(|_| invalid("public-key is no key"))?;
    let mut cert = match secret {
        Some(secret) => {
            let secret = secret.parse::<SecretKey>();
            ZCert::new_from(public, secret.map_err(|_| invalid("secret-key is no key"))?)
        }
        None => ZCert::from(public),
    };
    for item in root.locate("metadata").map(ZConfig::children).unwrap_or_default() {
        // As CZMQ does, of several of a name the first.
        if cert.meta(item.name()).is_none() {
            cert.set_meta(item.name(), item.value());
        }
    }
    Ok(cert)
}

pub(super) fn save_public(cert: &ZCert, path: &Path) -> Result<()> {
    let comments = [
        "   Public certificate of ZeroMQ's CURVE: for peers to know its owner by",
        "   Hand it over in a way that is safe, or compare it with the owner's afterwards",
    ];
    textfile::write(path, &tree(cert, &comments).str_save()?, false)
}

pub(super) fn save_secret(cert: &ZCert, path: &Path) -> Result<()> {
    let comments =
        ["   SECRET certificate of ZeroMQ's CURVE: for its owner alone, who shows it to nobody"];
    let secret = Zeroizing::new(cert.known_secret("save certificate")?.to_z85());
    let tree = tree(cert, &comments).str_save()?;
    // The curve section is the last. The room is there from the start, so that no copy of the key is left behind.
    let mut text = Zeroizing::new(String::with_capacity(tree.len() + 64));
    text.push_str(&tree);
    for part in ["    secret-key = \"", &secret, "\"\n"] {
        text.push_str(part);
    }
    textfile::write(path, &text, true)
}

/// What is in both files.
fn tree(cert: &ZCert, comments: &[&str]) -> ZConfig {
    let mut root = ZConfig::new("root");
    root.set_comment(format!("   ****  Generated on {} by czmq-like  ****", zclock::timestr()));
    for comment in comments {
        root.set_comment(*comment);
    }
    let metadata = root.add(ZConfig::new("metadata"));
    for (name, value) in &cert.metadata {
        metadata.add(ZConfig::new(name)).set_value(value);
    }
    root.put("curve/public-key", cert.public_txt());
    root
}
