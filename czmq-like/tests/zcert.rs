//! The class `ZCert`: what CZMQ's own test of zcert checks, and its files.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::fs;

use czmq_like::prelude::*;
use zmqx::curve::{PublicKey, SecretKey};

use common::curve_or_skip;

/// A certificate that needs no CURVE to be made.
fn cert() -> ZCert {
    let mut cert = ZCert::new_from(PublicKey::from([7; 32]), SecretKey::from([9; 32]));
    cert.set_meta("email", "ph@imatix.com");
    cert.set_meta("name", "Pieter Hintjens");
    cert.set_meta("organization", "iMatix Corporation");
    cert.set_meta("version", 1.to_string());
    cert.set_meta("delete_me", "now");
    cert.unset_meta("delete_me");
    cert
}

#[test]
fn a_certificate_is_saved_and_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let (public, secret) =
        (folder.path().join("mycert.txt"), folder.path().join("mycert.txt_secret"));
    let cert = cert();
    assert_eq!(cert.meta("email"), Some("ph@imatix.com"));
    assert_eq!(cert.meta("delete_me"), None);
    assert_eq!(cert.meta_keys().count(), 4);
    assert_eq!(cert.dup(), cert);

    cert.save(&public).unwrap();
    assert!(zfile::exists(&public) && zfile::exists(&secret));
    let loaded = ZCert::load(&public).unwrap();
    assert_eq!(loaded, cert);
    assert_eq!(loaded.secret_txt(), cert.secret_txt());
    let known = ["email", "name", "organization", "version"];
    assert_eq!(loaded.meta_keys().collect::<Vec<_>>(), known);
    known.iter().for_each(|name| assert_eq!(loaded.meta(name), cert.meta(name)));

    // Without the secret file it is the public one.
    zfile::delete(&secret).unwrap();
    let loaded = ZCert::load(&public).unwrap();
    assert_eq!(loaded.public_txt(), cert.public_txt());
    assert!(loaded.secret_key().is_none() && loaded.secret_txt().is_none());
    assert_ne!(loaded, cert);
    assert_eq!(loaded.meta("name"), Some("Pieter Hintjens"));

    let text = ZCert::new_from_txt(&cert.public_txt(), &cert.secret_txt().unwrap()).unwrap();
    assert_eq!(text, cert);
}

#[test]
fn a_secret_file_is_its_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (public, secret) =
        (folder.path().join("mycert.txt"), folder.path().join("mycert.txt_secret"));
    // One that others may read is not what the key is written to.
    fs::write(&secret, "old").unwrap();
    let cert = cert();
    cert.save(&public).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&secret).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{mode:o}");
    }
    let key = cert.secret_txt().unwrap();
    assert!(fs::read_to_string(&secret).unwrap().contains(&key));
    assert!(!fs::read_to_string(&public).unwrap().contains(&key));
    assert!(!format!("{cert:?} {cert:#?}").contains(&key));
    let names = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(names, 2, "nothing else is left in the folder");
}

#[test]
fn a_certificate_without_its_secret_key_is_saved_as_a_public_one_alone() {
    let folder = tempfile::tempdir().unwrap();
    let filename = folder.path().join("peer.txt");
    for peer in [
        ZCert::from(PublicKey::from([7; 32])),
        // As CZMQ has it.
        ZCert::new_from(PublicKey::from([7; 32]), SecretKey::from([0; 32])),
    ] {
        assert_eq!(peer.save(&filename).unwrap_err().kind(), ErrorKind::InvalidInput);
        assert!(!zfile::exists(&filename));
        peer.save_public(&filename).unwrap();
        assert_eq!(ZCert::load(&filename).unwrap(), peer);
        zfile::delete(&filename).unwrap();
        let socket = zmqx::Context::new().unwrap().socket(Req).unwrap();
        assert_eq!(peer.apply(&socket).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
}

#[test]
fn metadata_is_set_again_and_may_be_what_files_cannot_have() {
    let folder = tempfile::tempdir().unwrap();
    let filename = folder.path().join("mycert.txt");
    let mut cert = cert();
    cert.set_meta("name", "another");
    assert_eq!(cert.meta("name"), Some("another"));
    assert_eq!(cert.meta_keys().count(), 4);
    cert.set_meta("quoted", "\"so\" # it = is");
    cert.save(&filename).unwrap();
    assert_eq!(ZCert::load(&filename).unwrap().meta("quoted"), cert.meta("quoted"));
    for (name, value) in [("a name", "with a space"), ("lines", "one\ntwo")] {
        cert.set_meta(name, value);
        assert_eq!(cert.save(&filename).unwrap_err().kind(), ErrorKind::InvalidInput);
        cert.unset_meta(name);
    }
    assert_eq!(ZCert::load(&filename).unwrap().meta("quoted"), cert.meta("quoted"), "as it was");
}

#[test]
fn a_file_that_is_no_certificate_is_refused_and_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let filename = folder.path().join("mycert.txt");
    let load = |text: &str| {
        fs::write(&filename, text).unwrap();
        ZCert::load(&filename)
    };
    assert_eq!(ZCert::load(&filename).unwrap_err().kind(), ErrorKind::NotFound);
    let (key, secret) = (PublicKey::from([7; 32]).to_string(), SecretKey::from([9; 32]).to_z85());
    load(&format!("curve\n    public-key = \"{key}\"")).unwrap();
    for text in [
        "",
        "curve",
        "curve\n    public-key = \"short\"",
        &format!("curve\n    public-key = \"{}\"", "~".repeat(40)),
        &format!("curve\n    public-key = \"{key}0\""),
        &format!("curve\n    secret-key = \"{secret}\""),
        &format!("curve\n    public-key = \"{key}\"\n    secret-key = \"{secret}0\""),
        &format!("curve\n    public-key = \"{key}\"\n    secret-key = \"{secret}"),
        &format!("curve\n  public-key = \"{key}\""),
    ] {
        let error = load(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{text:?}: {error}");
        assert!(error.to_string().contains("mycert.txt: "), "{error}");
        assert!(!error.to_string().contains(&secret), "{error}");
    }
    assert!(ZCert::new_from_txt(&key, "short").is_err());
}

#[test]
fn a_new_certificate_secures_a_socket() {
    if !curve_or_skip() {
        assert_eq!(ZCert::new().unwrap_err().kind(), ErrorKind::Unsupported);
        return;
    }
    let (one, other) = (ZCert::new().unwrap(), ZCert::new().unwrap());
    assert_ne!(one, other);
    let socket = zmqx::Context::new().unwrap().socket(Req).unwrap();
    one.apply(&socket).unwrap();
    assert_eq!(socket.curve_publickey().unwrap(), one.public_key());
    assert_eq!(&socket.curve_secretkey().unwrap(), one.secret_key().unwrap());
}
