//! `ZConfig`, the class of settings: a tree of named values, and its text.

mod parse;
mod write;

use std::path::Path;

use zmqx::{Error, Result};

use crate::textfile;

/// A tree of named values, in ZPL, the ZeroMQ property language: the class `zconfig`.
///
/// It is what certificates are written in, and good for a program's settings. [RFC 4](https://rfc.zeromq.org/spec/4/)
/// has the language, of which this reads and writes what CZMQ does:
///
/// - A line is a name, perhaps with `= value`. A name is of letters, digits and `$-_@.&+/`.
/// - What belongs to the item above is indented by four spaces more.
/// - A value that has a `#` in it, or spaces at its ends, stands in quotes, `"` or `'`.
/// - A `#` begins a comment. Those of whole lines are kept, as the tree's.
///
/// A text is read whole or not at all. One that nests deeper than 64 levels is refused.
///
/// ```
/// use czmq_like::ZConfig;
///
/// let root = ZConfig::str_load(
///     "#   Settings of a broker\n\
///      \n\
///      frontend\n\
///      \x20   bind = tcp://*:5670    # clients\n\
///      \x20   option\n\
///      \x20       hwm = \"1000\"\n",
/// )?;
/// assert_eq!(root.get("/frontend/bind"), Some("tcp://*:5670"));
/// assert_eq!(root.get("frontend/option/hwm"), Some("1000"));
/// assert_eq!(root.get("backend/bind"), None);
///
/// let error = ZConfig::str_load("frontend\n  bind = tcp://*:5670").unwrap_err();
/// assert_eq!(error.to_string(), "read ZPL: line 2: not indented by 4 spaces at once");
/// # Ok::<(), czmq_like::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ZConfig {
    name: String,
    value: Option<String>,
    children: Vec<ZConfig>,
    comments: Vec<String>,
}

impl ZConfig {
    /// Makes an item without a value. The name of a tree's root is in no text.
    #[doc(alias = "zconfig_new")]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Returns the name.
    #[doc(alias = "zconfig_name")]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the value, which is empty where there is none.
    #[doc(alias = "zconfig_value")]
    pub fn value(&self) -> &str {
        self.value.as_deref().unwrap_or_default()
    }

    /// Sets the value.
    #[doc(alias = "zconfig_set_value")]
    pub fn set_value(&mut self, value: impl Into<String>) {
        self.value = Some(value.into());
    }

    /// Returns the items that belong to this one, in their order.
    #[doc(alias("zconfig_child", "zconfig_next"))]
    pub fn children(&self) -> &[ZConfig] {
        &self.children
    }

    /// Adds an item behind those that belong to this one, and returns it.
    #[doc(alias = "zconfig_new")]
    pub fn add(&mut self, child: ZConfig) -> &mut ZConfig {
        let at = self.children.len();
        self.children.push(child);
        &mut self.children[at]
    }

    /// Returns the item at the end of a path of names, as "/curve/public-key". Of several of a name it is the first.
    #[doc(alias = "zconfig_locate")]
    pub fn locate(&self, path: &str) -> Option<&ZConfig> {
        names(path).try_fold(self, |item, name| item.children.iter().find(|one| one.name == name))
    }

    /// Returns the value of the item at the end of a path of names.
    #[doc(alias = "zconfig_get")]
    pub fn get(&self, path: &str) -> Option<&str> {
        self.locate(path).map(ZConfig::value)
    }

    /// Sets the value of the item at the end of a path of names. Those that are missing are made.
    #[doc(alias = "zconfig_put")]
    pub fn put(&mut self, path: &str, value: impl Into<String>) {
        let item = names(path).fold(self, |item, name| {
            match item.children.iter().position(|one| one.name == name) {
                Some(at) => &mut item.children[at],
                None => item.add(ZConfig::new(name)),
            }
        });
        item.set_value(value);
    }

    /// Takes the value out of the item at the end of a path.
    pub(crate) fn take(&mut self, path: &str) -> Option<String> {
        let item = names(path)
            .try_fold(self, |item, name| item.children.iter_mut().find(|one| one.name == name))?;
        item.value.take()
    }

    /// Returns the comments, each a line without its `#`.
    #[doc(alias = "zconfig_comments")]
    pub fn comments(&self) -> &[String] {
        &self.comments
    }

    /// Adds a comment, which is a line of its own in front of the item.
    #[doc(alias = "zconfig_set_comment")]
    pub fn set_comment(&mut self, comment: impl Into<String>) {
        self.comments.push(comment.into());
    }

    /// Reads a tree from its text.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): it is no ZPL. The error names the line, and shows none of it.
    #[doc(alias = "zconfig_str_load")]
    pub fn str_load(text: &str) -> Result<Self> {
        parse::tree(text).map_err(|reason| Error::invalid("read ZPL", reason))
    }

    /// Writes the tree as text.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): a name, a value or a comment that ZPL has no way to write.
    #[doc(alias = "zconfig_str_save")]
    pub fn str_save(&self) -> Result<String> {
        write::tree(self).map_err(|reason| Error::invalid("write ZPL", reason))
    }

    /// Reads a tree from a file, of a megabyte at most.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): it is no ZPL.
    /// - What the system says, as [`NotFound`](crate::ErrorKind::NotFound).
    #[doc(alias = "zconfig_load")]
    pub fn load(filename: impl AsRef<Path>) -> Result<Self> {
        const DOING: &str = "load ZPL";
        let path = filename.as_ref();
        let bytes = textfile::read(DOING, path)?;
        let tree = match std::str::from_utf8(&bytes) {
            Ok(text) => parse::tree(text),
            Err(error) => {
                let before = bytes.iter().take(error.valid_up_to());
                let line = before.filter(|byte| **byte == b'\n').count() + 1;
                Err(format!("line {line}: not UTF-8"))
            }
        };
        tree.map_err(|reason| Error::invalid(DOING, format!("{}: {reason}", path.display())))
    }

    /// Writes the tree to a file, whole or not at all.
    ///
    /// # Errors
    ///
    /// - Those of [`str_save`](Self::str_save), and what the system says.
    #[doc(alias = "zconfig_save")]
    pub fn save(&self, filename: impl AsRef<Path>) -> Result<()> {
        textfile::write(filename.as_ref(), &self.str_save()?, false)
    }
}

/// The names on a path.
fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|name| !name.is_empty())
}
