//! docs/versions.md says what the code does: its tables are made from the option table, src/raw and ci/versions.
//!
//! `UPDATE_VERSIONS=1 cargo test --test versions_page` writes them anew.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use zmqx::Version;
use zmqx::options::TABLE;

const UPDATE: &str = "UPDATE_VERSIONS=1 cargo test --test versions_page writes it anew";

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap()
}

/// 4.2, or 4.3.2.
fn short(version: Version) -> String {
    match version {
        Version { major, minor, patch: 0 } => format!("{major}.{minor}"),
        version => version.to_string(),
    }
}

/// The options by the libzmq that brought them.
fn options() -> String {
    let mut by_version: BTreeMap<(Version, bool), Vec<&str>> = BTreeMap::new();
    for option in TABLE.iter().filter(|option| option.since.major > 3) {
        by_version.entry((option.since, option.is_draft)).or_default().push(option.name);
    }
    let mut text = "| since | socket options |\n|---|---|\n".to_owned();
    for ((since, is_draft), names) in by_version {
        let draft = if is_draft { " (draft)" } else { "" };
        let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
        writeln!(text, "| {}{draft} | {} |", short(since), names.join(", ")).unwrap();
    }
    text
}

/// What a libzmq must have been built with for an option.
fn needs() -> String {
    let mut by_capability: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for option in TABLE {
        if let Some(capability) = option.needs {
            let names = by_capability.entry(format!("`{capability:?}`")).or_default();
            names.push(format!("`{}`", option.name));
        }
    }
    let mut text = "| capability | socket options that want it |\n|---|---|\n".to_owned();
    for (capability, names) in by_capability {
        writeln!(text, "| {capability} | {} |", names.join(", ")).unwrap();
    }
    text
}

/// The names of the functions of libzmq's that a line calls.
fn called(line: &str) -> Option<String> {
    let name = line.split("ffi::zmq_").nth(1)?.split_once('(')?.0;
    Some(format!("zmq_{name}"))
}

/// The functions that are called where the libzmq that was built for has them, by the version of their cfg.
fn functions() -> String {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for entry in fs::read_dir(path("src/raw")).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_file() {
            continue;
        }
        let mut since: Option<String> = None;
        for line in fs::read_to_string(path).unwrap().lines() {
            if let Some(cfg) = line.trim().strip_prefix("#[cfg(libzmq_4_") {
                since = Some(format!("4.{}", cfg.trim_end_matches(")]")));
            } else if line == "}" || line == "    }" {
                since = None;
            }
            if let (Some(since), Some(name)) = (&since, called(line)) {
                found.insert(name, since.clone());
            }
        }
    }
    for name in read("src/raw/draft/there.rs").lines().filter_map(called) {
        found.insert(name, "4.3.4 (draft)".to_owned());
    }
    let mut text = "| since | function |\n|---|---|\n".to_owned();
    for (name, since) in found {
        writeln!(text, "| {since} | `{name}` |").unwrap();
    }
    text
}

/// What `ci/versions` tests with.
fn matrix() -> String {
    let script = read("ci/versions");
    let table = script.split("\nVERSIONS=(\n").nth(1).unwrap().split("\n)").next().unwrap();
    let few = script.split("\nFEW=(").nth(1).unwrap().split(')').next().unwrap();
    let few: Vec<_> = few.split_whitespace().collect();
    let mut text = "| libzmq | from | when |\n|---|---|---|\n".to_owned();
    for line in table.lines() {
        let words: Vec<_> = line.trim().trim_matches('"').split_whitespace().collect();
        let from = match words[1] {
            "pyzmq" => format!("its source, in pyzmq {}", words[2]),
            "system" => "the system's: Debian 12".to_owned(),
            features => format!("features `curve`, `{}`", features.replace(',', "`, `")),
        };
        let has_step = ["system", "vendored"].contains(&words[1]);
        let every = few.contains(&words[0]) || has_step;
        let when = if every { "every run" } else { "`ci/versions all`" };
        writeln!(text, "| {} | {from} | {when} |", words[0]).unwrap();
    }
    text
}

/// The page, with what is between the marks of each table made anew.
fn page() -> String {
    let mut page = read("docs/versions.md");
    for (name, table) in [
        ("matrix", matrix()),
        ("options", options()),
        ("needs", needs()),
        ("functions", functions()),
    ] {
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
        let (before, rest) = page.split_once(&begin).unwrap();
        let (_, after) = rest.split_once(&end).unwrap();
        page = format!("{before}{begin}{table}{end}{after}");
    }
    page
}

#[test]
fn the_page_is_what_the_tables_say() {
    let page = page();
    if std::env::var_os("UPDATE_VERSIONS").is_some() {
        fs::write(path("docs/versions.md"), page).unwrap();
        return;
    }
    assert!(page == read("docs/versions.md"), "docs/versions.md is out of date: {UPDATE}");
}

#[test]
fn the_tables_are_not_empty() {
    assert!(options().contains("| 4.0 | ") && options().contains("`ZMQ_CURVE_SERVERKEY`"));
    assert!(needs().contains("| `Curve` | ") && needs().contains("| `Draft` | "));
    for row in [
        "| 4.0 | `zmq_ctx_shutdown` |",
        "| 4.0 | `zmq_ctx_term` |",
        "| 4.1 | `zmq_has` |",
        "| 4.3.4 (draft) | `zmq_join` |",
    ] {
        assert!(functions().contains(row), "{row}\n{}", functions());
    }
    assert!(matrix().contains("| 3.2.2 | its source, in pyzmq 13.1.0 | every run |"));
}
