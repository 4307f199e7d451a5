//! The options of a program: other endpoints than the Guide's, so that several can run side by side.

use std::ffi::OsString;
use std::ops::Index;
use std::path::Path;
use std::str::FromStr;
use std::sync::OnceLock;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::speed::{self, Speed};
use crate::{duration, programs};

/// The program that this process runs, where it is one of `guide`'s own.
static ENTERED: OnceLock<&'static str> = OnceLock::new();

/// How many of its arguments `guide` takes itself, when it runs a program: its own name, a word, the program's name.
const TAKEN: usize = 3;

/// Says that this process, `guide`, runs the program `name`, whose arguments begin behind its name.
pub fn enter(name: &'static str) {
    // The first call counts; `guide` makes one.
    let _ = ENTERED.set(name);
}

/// Returns the program's options; each is given with its default, which is the Guide's.
///
/// A name with `--` is an option, or, where its default is empty, a flag; it may have a letter before it, as
/// `-p, --primary`. One without is an argument by position: with an empty default it has to be given, and one that ends
/// in `...` takes all that follow, if any; see [`Args::rest`].
/// `--help` is printed, and what is wrong on the command line ends the process with status 2.
///
/// ```
/// let args = guide::args(&[("--bind", "tcp://*:5555")]);
/// assert_eq!(&args["--bind"], "tcp://*:5555");
/// ```
pub fn args(options: &[(&'static str, &'static str)]) -> Args {
    let mut given: Vec<OsString> = std::env::args_os().collect();
    let name = match ENTERED.get() {
        Some(name) => {
            given.drain(..TAKEN.min(given.len()));
            given.insert(0, name.into());
            (*name).to_owned()
        }
        None => own_name(given.first()),
    };
    let (name, about) =
        programs::find(&name).map_or(("program", ""), |program| (program.name, program.about));
    let command = Command::new(name)
        .about(about)
        .after_help("The defaults are the Guide's.")
        .args(options.iter().map(|(name, default)| argument(name, default)));
    let matches = command.clone().get_matches_from(given);
    Args { command, matches }
}

fn own_name(path: Option<&OsString>) -> String {
    let stem = path.and_then(|path| Path::new(path).file_stem());
    stem.map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn argument(name: &'static str, default: &'static str) -> Arg {
    let (letter, name) = match name.split_once(", ") {
        Some((letter, name)) => (letter.chars().nth(1), name),
        None => (None, name),
    };
    let argument = Arg::new(name).short(letter);
    match name.strip_prefix("--") {
        Some(long) if default.is_empty() => argument.long(long).action(ArgAction::SetTrue),
        Some(long) => argument.long(long).value_name(value_name(default)).default_value(default),
        None => match name.strip_suffix("...") {
            Some(rest) => argument.value_name(rest).num_args(0..),
            None if default.is_empty() => argument.value_name(name).required(true),
            None => argument.value_name(name).default_value(default),
        },
    }
}

fn value_name(default: &str) -> &'static str {
    if default.contains("://") {
        "ENDPOINT"
    } else if default.parse::<u64>().is_ok() {
        "NUMBER"
    } else if duration::parse(default).is_ok() {
        "TIME"
    } else {
        "TEXT"
    }
}

/// The options of a program, by name.
#[derive(Debug)]
pub struct Args {
    command: Command,
    matches: ArgMatches,
}

impl Args {
    /// Returns whether the flag was given.
    pub fn is_set(&self, name: &str) -> bool {
        self.matches.get_flag(name)
    }

    /// Returns all arguments from this one's position on, whose name ends in `...`.
    pub fn rest(&self, name: &str) -> Vec<&str> {
        let rest = self.matches.get_many::<String>(name).unwrap_or_default();
        rest.map(String::as_str).collect()
    }

    /// Returns what was given, or else `default`: for an option whose default another option decides, and whose own one
    /// is text for `--help`.
    pub fn or<'a>(&'a self, name: &str, default: &'a str) -> &'a str {
        match self.matches.value_source(name) {
            Some(ValueSource::DefaultValue) | None => default,
            Some(_) => &self[name],
        }
    }

    /// Returns a number. One that is none ends the process with status 2.
    pub fn number<T: FromStr>(&self, name: &str) -> T {
        self[name].parse().unwrap_or_else(|_| self.complain(name, "not a number in range"))
    }

    /// Returns a time. One that is none ends the process with status 2.
    pub fn duration(&self, name: &str) -> Duration {
        duration::parse(&self[name]).unwrap_or_else(|complaint| self.complain(name, &complaint))
    }

    /// Returns how fast time goes, by the option that [`speed::OPTION`] is. What is none ends the process with status 2.
    pub fn speed(&self) -> Speed {
        let (name, _) = speed::OPTION;
        speed::parse(&self[name]).unwrap_or_else(|complaint| self.complain(name, &complaint))
    }

    fn complain(&self, name: &str, complaint: &str) -> ! {
        let text = format!("invalid value '{}' for '{name}': {complaint}", &self[name]);
        self.command.clone().error(ErrorKind::ValueValidation, text).exit()
    }
}

impl Index<&str> for Args {
    type Output = str;

    fn index(&self, name: &str) -> &str {
        self.matches.get_one::<String>(name).map_or("", String::as_str)
    }
}
