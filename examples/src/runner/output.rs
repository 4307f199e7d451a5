//! What the runner prints: each program's lines behind its name, in its own colour on a terminal.

use std::io::{IsTerminal, Write};

/// The name before the runner's own lines.
const OWN: &str = "guide";

/// The colours of the programs, in turn: cyan, yellow, green, magenta, blue, red, and their brighter twins.
const COLOURS: [u8; 12] = [36, 33, 32, 35, 34, 31, 96, 93, 92, 95, 94, 91];

/// Where lines are shown.
pub(crate) struct Output {
    is_coloured: bool,
    is_closed: bool,
    width: usize,
}

impl Output {
    /// Makes one that is plain where standard output is no terminal, or NO_COLOR is set.
    pub(crate) fn new() -> Self {
        let is_plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let is_coloured = std::io::stdout().is_terminal() && !is_plain;
        Self { is_coloured, is_closed: false, width: OWN.len() }
    }

    /// Makes room for these names.
    pub(crate) fn widen<'a>(&mut self, names: impl Iterator<Item = &'a str>) {
        self.width = names.map(str::len).fold(self.width, usize::max);
    }

    /// Shows a program's line.
    pub(crate) fn line(&mut self, index: usize, name: &str, line: &str) {
        let name = format!("{name:width$} |", width = self.width);
        if self.is_coloured {
            let colour = COLOURS[index % COLOURS.len()];
            self.print(&format!("\x1b[{colour}m{name}\x1b[0m {line}"));
        } else {
            self.print(&format!("{name} {line}"));
        }
    }

    /// Shows a line of the runner's own.
    pub(crate) fn own(&mut self, line: &str) {
        let name = format!("{OWN:width$} |", width = self.width);
        if self.is_coloured {
            self.print(&format!("\x1b[1m{name} {line}\x1b[0m"));
        } else {
            self.print(&format!("{name} {line}"));
        }
    }

    /// Tells whether nobody reads any more, as behind `| head`.
    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed
    }

    fn print(&mut self, line: &str) {
        if writeln!(std::io::stdout(), "{line}").is_err() {
            self.is_closed = true;
        }
    }
}
