//! The scenarios of the pirate patterns, from lazy to paranoid.

use crate::scenario::{
    Arg::{self, Bind, Connect},
    End, Scenario, Value,
    What::{InOrder, Lines},
};

use super::super::parts::{expect, port, role, value};

/// Ten times as fast a client waits for a quarter of a second, for a server that takes a tenth.
const SPEED: Value = value("speed", "1", "10");

pub(in crate::scenarios) const SCENARIOS: &[Scenario] = &[Scenario {
    of: &["lpclient", "lpserver"],
    endpoints: &[port("clients", 5555)],
    values: &[SPEED],
    roles: &[
        role("lpserver", 1, &[Bind("--bind", "clients"), Arg::Value("--speed", "speed")]),
        role("lpclient", 1, &[Connect("--connect", "clients"), Arg::Value("--speed", "speed")]),
    ],
    end: End::Programs(&["lpclient", "lpserver"]),
    expects: &[
        expect("lpserver", Lines("I: simulating a crash", 1), "crashes"),
        expect(
            "lpclient",
            InOrder(&[
                "I: connecting to server...",
                "I: server replied OK (1)",
                "I: server replied OK (2)",
                "I: server replied OK (3)",
                "E: server seems to be offline, abandoning",
            ]),
            "lines: replies in order, until it abandons",
        ),
    ],
}];
