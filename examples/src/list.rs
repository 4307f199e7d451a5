//! The list of programs, for people and for tools.

use std::io::Write;

use guide::programs::{CHAPTERS, PROGRAMS, Program, UNITS};
use guide::scenarios;
use serde_json::{Value, json};

/// Prints the programs by chapter, with a line on each.
pub(crate) fn text() {
    let mut text = String::from("The programs of \"ØMQ - The Guide\"\n");
    for (chapter, title) in CHAPTERS {
        text += &match chapter {
            0 => format!("\n{title}\n"),
            _ => format!("\nChapter {chapter}: {title}\n"),
        };
        for program in PROGRAMS.iter().filter(|program| program.chapter == *chapter) {
            text += &format!("  {:<10} {}\n", program.name, program.about);
        }
    }
    text += "\nUnits, which are modules of the library `guide`\n";
    for unit in UNITS {
        text += &format!("  {:<10} {}: see {}\n", unit.name, unit.about, unit.program);
    }
    text += "\nTo run one with those that it needs: cargo run --bin guide NAME (see also --help)\n";
    text += "To run one alone: cargo run --bin NAME\n";
    print(&text);
}

/// Prints the same as a JSON array.
pub(crate) fn json() {
    let programs: Vec<_> = PROGRAMS.iter().map(describe).collect();
    print(&format!("{:#}\n", Value::from(programs)));
}

fn describe(program: &Program) -> Value {
    let title = CHAPTERS.iter().find(|(chapter, _)| *chapter == program.chapter);
    let scenario = scenarios::find(program.name);
    let roles = scenario.map(|scenario| scenario.roles).unwrap_or_default();
    json!({
        "name": program.name,
        "chapter": program.chapter,
        "chapter_title": title.map(|(_, title)| title),
        "about": program.about,
        "scenario": scenario.map(|scenario| scenario.name()),
        "starts": roles.iter().map(|role| json!({ "program": role.program, "copies": role.copies })).collect::<Vec<_>>(),
        "ends_by_itself": scenario.is_some_and(|scenario| !matches!(scenario.end, guide::scenario::End::Time)),
    })
}

/// Prints to whoever reads: one who has stopped reading, as `head` does, is no error.
fn print(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}
