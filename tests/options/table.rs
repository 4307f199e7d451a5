//! The table of options, beside the header of the libzmq that was found.

use std::collections::BTreeMap;
use std::path::Path;

use zmqx::options::TABLE;
use zmqx::{Capability, SocketKind, Version};

/// The socket options in those sections of a `zmq.h` that begin so.
fn options_of(header: &str, sections: &[&str]) -> BTreeMap<String, i32> {
    let mut numbers: BTreeMap<String, i32> = BTreeMap::new();
    let mut is_in = false;
    for line in header.lines() {
        if let Some(title) = line.trim_start().strip_prefix("/*") {
            is_in = sections.iter().any(|section| title.trim_start().starts_with(section));
        }
        let mut words = line.split_whitespace();
        if let (true, Some("#define"), Some(name), Some(value)) =
            (is_in, words.next(), words.next(), words.next())
        {
            let number = value.parse().ok().or_else(|| numbers.get(value).copied());
            // One of the old names, ZMQ_NOBLOCK, is that of a flag, which is not among the options.
            if let Some(number) = number {
                numbers.insert(name.to_owned(), number);
            }
        }
    }
    numbers
}

const STABLE: &[&str] = &["Socket options", "Deprecated options and"];

fn number_of(name: &str) -> Option<i32> {
    TABLE.iter().find(|option| option.name == name).map(|option| option.number)
}

fn header() -> Option<String> {
    let path = Path::new(env!("ZMQX_ZMQ_INCLUDE")).join("zmq.h");
    let header = std::fs::read_to_string(&path).ok();
    if header.is_none() {
        println!("skipped: there is no {}", path.display());
    }
    header
}

#[test]
fn the_table_has_every_option_of_the_header() {
    let Some(header) = header() else { return };
    let options = options_of(&header, STABLE);
    assert!(options.len() > 30, "only {} options were found", options.len());
    for (name, number) in options {
        assert_eq!(number_of(&name), Some(number), "{name}");
    }
    for (name, number) in options_of(&header, &["DRAFT Socket options"]) {
        // Not those of the transport NORM, which no distribution's libzmq has.
        if !name.starts_with("ZMQ_NORM_") {
            assert_eq!(number_of(&name), Some(number), "{name}");
        }
    }
}

#[test]
fn the_table_has_nothing_that_is_not_in_the_header() {
    let Some(header) = header().filter(|header| header.contains("#define ZMQ_VERSION_MINOR 3"))
    else {
        return;
    };
    let options = options_of(&header, STABLE);
    for option in TABLE.iter().filter(|option| !option.is_draft) {
        assert!(options.contains_key(option.name), "{}", option.name);
    }
    assert_eq!(options_of(&header, &STABLE[..1]).len(), 76);
}

#[test]
fn the_table_is_sorted_in_its_three_parts() {
    let draft = TABLE.iter().position(|option| option.is_draft).unwrap();
    let old = TABLE.iter().rposition(|option| option.is_draft).unwrap() + 1;
    assert_eq!(draft, 76);
    for part in [&TABLE[..draft], &TABLE[draft..old], &TABLE[old..]] {
        assert!(part.is_sorted_by_key(|option| option.name));
    }
    assert!(TABLE[draft..old].iter().all(|option| option.is_draft));
}

#[test]
fn the_table_tells_since_when_and_for_whom() {
    let info = |name| TABLE.iter().find(|option| option.name == name).unwrap();
    let linger = info("ZMQ_LINGER");
    assert_eq!((linger.number, linger.readable, linger.writable), (17, true, true));
    assert_eq!(linger.kinds, SocketKind::ALL);
    let handover = info("ZMQ_ROUTER_HANDOVER");
    assert_eq!(handover.since, Version { major: 4, minor: 1, patch: 0 });
    assert_eq!(handover.kinds, [SocketKind::Router]);
    assert_eq!((handover.readable, handover.writable), (false, true));
    assert_eq!(info("ZMQ_CURVE_SERVER").needs, Some(Capability::Curve));
    assert_eq!((info("ZMQ_FD").readable, info("ZMQ_FD").writable), (true, false));
    assert_eq!((info("ZMQ_USE_FD").readable, info("ZMQ_USE_FD").writable), (true, true));
    assert_eq!((info("ZMQ_SUBSCRIBE").readable, info("ZMQ_SUBSCRIBE").writable), (false, true));
    assert_eq!((info("ZMQ_BLOCKY").readable, info("ZMQ_BLOCKY").writable), (false, false));
    assert_eq!(info("ZMQ_IDENTITY").number, info("ZMQ_ROUTING_ID").number);
}
