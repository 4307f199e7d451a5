//! Lists the Guide's programs, and runs one together with those that it needs.
#![forbid(unsafe_code)]

#[path = "../chapter1/mod.rs"]
mod chapter1;
#[path = "../chapter2/mod.rs"]
mod chapter2;
#[path = "../chapter3/mod.rs"]
mod chapter3;
#[path = "../chapter4/mod.rs"]
mod chapter4;
mod list;
mod modules;
mod runner;
#[path = "../security/mod.rs"]
mod security;

use std::process::ExitCode;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use guide::scenario::{Place, Setting};
use guide::{duration, programs, scenarios};

use runner::Plan;

fn main() -> ExitCode {
    // This is how it runs itself, as one of the programs: `guide run-program hwserver --bind …`.
    let mut args = std::env::args_os().skip(1);
    if let (Some(word), Some(name)) = (args.next(), args.next()) {
        if word == runner::RUN_PROGRAM {
            return modules::run(&name.to_string_lossy());
        }
    }
    let command = command();
    let matches = command.get_matches();
    if matches.get_flag("json") {
        list::json();
        return ExitCode::SUCCESS;
    }
    match matches
        .get_one::<String>("name")
        .and_then(|name| scenarios::find(programs::shown_by(name)))
    {
        Some(scenario) if !matches.get_flag("list") => runner::run(scenario, &plan(&matches)),
        _ => {
            list::text();
            ExitCode::SUCCESS
        }
    }
}

fn command() -> Command {
    let names = programs::PROGRAMS.iter().map(|program| program.name);
    let names = names.chain(programs::UNITS.iter().map(|unit| unit.name));
    Command::new("guide")
        .about("Runs the programs of \"ØMQ - The Guide\", each with those that it needs")
        .after_help("Without a name, lists the programs. Ctrl-C ends what runs.")
        .arg(
            Arg::new("name")
                .value_name("NAME")
                .help("The program to run, or the unit to show")
                .value_parser(names.collect::<Vec<_>>())
                .hide_possible_values(true),
        )
        .arg(
            Arg::new("for")
                .long("for")
                .value_name("TIME")
                .help("How long to run, as 500ms, 5s or 2m [default: 10s for what never ends]")
                .value_parser(|text: &str| duration::parse(text)),
        )
        .arg(
            Arg::new("copies")
                .long("copies")
                .value_name("NAME=COUNT")
                .help("How many to start of a program, as taskwork=2")
                .action(ArgAction::Append)
                .value_parser(copies),
        )
        .arg(
            Arg::new("quick")
                .long("quick")
                .help("Works on less, and ends as soon as everything was seen")
                .action(ArgAction::SetTrue),
        )
        .arg(
            Arg::new("host")
                .long("host")
                .value_name("ADDRESS")
                .help("Uses the Guide's ports on this IP address only, as 127.0.0.2")
                .conflicts_with("ipc"),
        )
        .arg(
            Arg::new("ipc")
                .long("ipc")
                .value_name("FOLDER")
                .help("Uses Unix domain sockets in this folder instead of TCP")
                .value_parser(value_parser!(std::path::PathBuf)),
        )
        .arg(
            Arg::new("list")
                .long("list")
                .help("Lists the programs by chapter")
                .action(ArgAction::SetTrue),
        )
        .arg(
            Arg::new("json")
                .long("json")
                .help("Lists them as JSON")
                .action(ArgAction::SetTrue)
                .requires("list"),
        )
}

fn plan(matches: &ArgMatches) -> Plan {
    let place = match (matches.get_one::<String>("host"), matches.get_one("ipc")) {
        (Some(host), _) => Place::Host(host.clone()),
        (None, Some(folder)) => Place::Folder(std::path::PathBuf::clone(folder)),
        (None, None) => Place::Guide,
    };
    let copies = matches.get_many::<(String, usize)>("copies").unwrap_or_default();
    Plan {
        setting: Setting {
            place,
            quick: matches.get_flag("quick"),
            copies: copies.cloned().collect(),
        },
        limit: matches.get_one::<Duration>("for").copied(),
    }
}

/// Reads `NAME=COUNT`.
fn copies(text: &str) -> Result<(String, usize), String> {
    let parts = text.split_once('=');
    let copies = parts.and_then(|(name, count)| Some((name.to_owned(), count.parse().ok()?)));
    match copies {
        Some((name, _)) if programs::find(&name).is_none() => Err(format!("no program {name}")),
        Some((_, 0)) | None => Err("not a program and how many of it, as taskwork=2".to_owned()),
        Some(copies) => Ok(copies),
    }
}
