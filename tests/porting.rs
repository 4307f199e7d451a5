//! docs/porting.md beside the header of the libzmq that was found: a row for each function.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

use std::collections::BTreeSet;
use std::path::Path;

const PAGE: &str = include_str!("../docs/porting.md");

/// The names of libzmq's functions: they are before a parenthesis.
fn functions(text: &str) -> BTreeSet<&str> {
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let starts = text.match_indices("zmq_").map(|(at, _)| at);
    let whole = starts.filter(|at| !text[..*at].ends_with(is_name));
    let names = whole.filter_map(|at| {
        let rest = &text[at..];
        let end = rest.find(|letter| !is_name(letter))?;
        rest[end..].trim_start().starts_with('(').then_some(&rest[..end])
    });
    names.collect()
}

#[test]
fn a_function_is_what_a_parenthesis_comes_after() {
    let text = "int zmq_poll (items); int zmq_send(\n); typedef void (zmq_free_fn) (void); zmq_msg_t *my_zmq_x ();";
    assert_eq!(functions(text).into_iter().collect::<Vec<_>>(), ["zmq_poll", "zmq_send"]);
}

#[test]
fn the_page_has_every_function_of_the_header() {
    let path = Path::new(env!("ZMQX_ZMQ_INCLUDE")).join("zmq.h");
    let Ok(header) = std::fs::read_to_string(&path) else {
        println!("skipped: there is no {}", path.display());
        return;
    };
    let functions = functions(&header);
    assert!(functions.len() > 30, "only {} functions were found", functions.len());
    let is_on_page = |name: &str| {
        PAGE.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'))
            .any(|word| word == name)
    };
    let missing: Vec<_> = functions.into_iter().filter(|name| !is_on_page(name)).collect();
    assert!(missing.is_empty(), "no row in docs/porting.md: {missing:?}");
}
