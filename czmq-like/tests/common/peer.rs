//! C programs that are compiled against the system's libczmq, to be peers of this crate.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use super::SOON;

/// Compiles `tests/interop/NAME.c`. Without a libczmq it says so, and gives `None`; with `CI` set it fails.
pub(crate) fn compiled(name: &str) -> Option<PathBuf> {
    let flags =
        Command::new("pkg-config").args(["--cflags", "--libs", "libczmq", "libzmq"]).output();
    let Some(flags) = flags.ok().filter(|flags| flags.status.success()) else {
        assert!(std::env::var_os("CI").is_none(), "CI has no libczmq 4: install libczmq-dev");
        // Past the test harness, which shows nothing of a test that succeeds.
        let _ = writeln!(io::stderr(), "interop skipped: pkg-config finds no libczmq");
        return None;
    };
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let fresh = directory.join(format!("{name}-{}", std::process::id()));
    let program = directory.join(name);
    let mut compiler = Command::new(std::env::var_os("CC").unwrap_or("cc".into()));
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop");
    compiler.arg(sources.join(name).with_extension("c"));
    compiler
        .arg("-o")
        .arg(&fresh)
        .args(String::from_utf8(flags.stdout).unwrap().split_whitespace());
    assert!(compiler.status().unwrap().success(), "{name}.c does not compile");
    // Another run of these tests may be using the one that is there.
    fs::rename(fresh, &program).unwrap();
    Some(program)
}

/// A process that goes when this is dropped.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    pub(crate) fn ends_well(mut self) {
        let deadline = Instant::now() + SOON;
        let status = loop {
            match self.0.try_wait().unwrap() {
                Some(status) => break status,
                None if Instant::now() > deadline => panic!("the peer does not end"),
                // A wait for a process's end knows no deadline.
                None => thread::sleep(Duration::from_millis(1)),
            }
        };
        assert!(status.success(), "the peer failed");
    }
}
