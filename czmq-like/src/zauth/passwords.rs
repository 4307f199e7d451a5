//! The file with the names and passwords of PLAIN.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;
use zmqx::Result;

use crate::textfile::{self, Stamp};

pub(super) struct Passwords {
    path: PathBuf,
    /// What the file was when it was read, unless a change of it might not show.
    stamp: Option<Stamp>,
    by_name: HashMap<String, Zeroizing<String>>,
}

impl Passwords {
    /// Those of a file, which may come later; and whether it is there.
    pub(super) fn load(path: impl AsRef<Path>) -> (Self, Result<()>) {
        let path = path.as_ref().to_owned();
        let mut passwords = Self { path, stamp: None, by_name: HashMap::new() };
        let loaded = passwords.read();
        (passwords, loaded)
    }

    /// Whether this is the user's password, by the file as it is now.
    pub(super) fn are(&mut self, username: &str, password: &str) -> bool {
        // A file that has gone knows nobody.
        self.read().is_ok() && self.by_name.get(username).is_some_and(|known| **known == password)
    }

    /// Reads the file, unless it is what was read.
    fn read(&mut self) -> Result<()> {
        // Known before the file is read: what changes meanwhile differs from it.
        let stamp = fs::metadata(&self.path).ok().map(|metadata| Stamp::of(&metadata));
        if stamp.is_some() && stamp == self.stamp {
            return Ok(());
        }
        self.stamp = None;
        self.by_name.clear();
        let bytes = textfile::read("load passwords", &self.path)?;
        self.by_name = parse(&bytes);
        self.stamp = stamp.filter(|stamp| !stamp.is_fresh());
        Ok(())
    }
}

/// Reads lines of `name=password`, of which the last one of a name counts. What is none is passed over.
fn parse(bytes: &[u8]) -> HashMap<String, Zeroizing<String>> {
    let lines =
        bytes.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
    let pairs = lines.filter(|line| !line.starts_with('#')).filter_map(|line| {
        let (name, password) = line.strip_suffix('\r').unwrap_or(line).split_once('=')?;
        (!name.is_empty()).then(|| (name.to_owned(), Zeroizing::new(password.to_owned())))
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn lines_that_are_none_mean_nothing() {
        let text =
            b"# admin=comment\nadmin=secret\n=nobody\nno line\n\n\xFF=\xFF\nbob=a=b\r\nadmin=last";
        let parsed = parse(text);
        let mut pairs: Vec<_> = parsed.iter().map(|(name, word)| (&**name, &***word)).collect();
        pairs.sort_unstable();
        assert_eq!(pairs, [("admin", "last"), ("bob", "a=b")]);
    }
}
