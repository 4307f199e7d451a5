//! The module `zfile`: what CZMQ's own test of zfile checks.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

use czmq_like::prelude::*;

#[test]
fn directories_and_files_come_and_go() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("this/is/a/test");
    zfile::mkdir(&path).unwrap();
    zfile::mkdir(&path).unwrap();
    assert!(zfile::exists(&path));
    let file = path.join("bilbo");
    assert!(!zfile::exists(&file));
    assert_eq!(zfile::size(&file).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(zfile::delete(&file).unwrap_err().kind(), ErrorKind::NotFound);
    std::fs::write(&file, [0; 100]).unwrap();
    assert_eq!(zfile::size(&file).unwrap(), 100);
    assert!(zfile::rmdir(&path).is_err());
    zfile::delete(&file).unwrap();
    assert!(!zfile::exists(&file));
    zfile::rmdir(&path).unwrap();
    assert!(!zfile::exists(&path));
}
