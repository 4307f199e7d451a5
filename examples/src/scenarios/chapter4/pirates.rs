//! The scenarios of the pirate patterns, from lazy to paranoid.

use crate::scenario::{
    Act,
    Arg::{self, Bind, Connect},
    Deed::{self, Kill, Nothing, Start},
    End, Endpoint, Role, Scenario, Value,
    What::{self, AtLeast, InOrder, Lines},
};

use super::super::parts::{expect, port, role, value};

/// Four times as fast the client still waits two seconds for the others to be there, and then as long until it abandons.
const SPEEDS: &[Value] = &[value("speed", "1", "10"), value("client speed", "1", "4")];
const QUEUE: &[Endpoint] = &[port("clients", 5555), port("workers", 5556)];
const QUEUE_ARGS: &[Arg] =
    &[Bind("--frontend", "clients"), Bind("--backend", "workers"), Arg::Value("--speed", "speed")];
const WORKER_ARGS: &[Arg] = &[Connect("--connect", "workers"), Arg::Value("--speed", "speed")];
const CLIENT: Role =
    role("lpclient", 1, &[Connect("--connect", "clients"), Arg::Value("--speed", "client speed")]);
const REPLIES: What = InOrder(&[
    "I: connecting to server...",
    "I: server replied OK (1)",
    "I: server replied OK (2)",
    "I: server replied OK (3)",
    "E: server seems to be offline, abandoning",
]);
const ABANDONS: &str = "lines: replies in order, until it abandons";

const fn when(role: &'static str, line: &'static str, deed: Deed) -> Act {
    Act { role, line, deed }
}

pub(in crate::scenarios) const SCENARIOS: &[Scenario] = &[
    // The server crashes, or stalls so often in a row that the client takes it for dead.
    Scenario {
        of: &["lpclient", "lpserver"],
        endpoints: &[port("clients", 5555)],
        values: SPEEDS,
        roles: &[
            role("lpserver", 1, &[Bind("--bind", "clients"), Arg::Value("--speed", "speed")]),
            CLIENT,
        ],
        end: End::Programs(&["lpclient"]),
        expects: &[
            expect("lpserver", AtLeast("I: normal request ({n})", 3), "requests came"),
            expect("lpclient", REPLIES, ABANDONS),
        ],
    },
    // The workers crash, one after the other, until none is left to the client, or none in time.
    Scenario {
        of: &["spqueue", "spworker"],
        endpoints: QUEUE,
        values: SPEEDS,
        roles: &[role("spqueue", 1, QUEUE_ARGS), role("spworker", 4, WORKER_ARGS), CLIENT],
        end: End::Programs(&["lpclient"]),
        expects: &[
            expect("spworker", Lines("I: ({*}) worker ready", 1), "workers ready"),
            expect("spworker", AtLeast("I: ({*}) normal reply", 1), "replies"),
            expect("lpclient", REPLIES, ABANDONS),
        ],
    },
    // The queue dies and comes back, and the client gets its reply all the same. It needs more patience than the Guide's:
    // what it asks while the workers are about to leave their old sockets is lost.
    Scenario {
        of: &["ppqueue", "ppworker"],
        endpoints: QUEUE,
        values: &[value("speed", "1", "10"), value("client speed", "0.5", "2")],
        roles: &[role("ppqueue", 1, QUEUE_ARGS), role("ppworker", 4, WORKER_ARGS), CLIENT],
        end: End::Acts(&[
            when("lpclient", "I: server replied OK (2)", Kill("ppqueue")),
            when("ppworker", "W: heartbeat failure, can't reach queue", Start("ppqueue")),
            when("lpclient", "I: server replied OK (6)", Nothing),
        ]),
        expects: &[
            expect("ppworker", AtLeast("I: worker ready", 1), "times a worker is ready"),
            expect("ppworker", AtLeast("I: worker heartbeat", 1), "heartbeats"),
            expect(
                "lpclient",
                InOrder(&[
                    "I: connecting to server...",
                    "I: server replied OK (1)",
                    "I: server replied OK (2)",
                    "I: server replied OK (3)",
                    "I: server replied OK (4)",
                    "I: server replied OK (5)",
                    "I: server replied OK (6)",
                ]),
                "lines: replies in order, though the queue dies",
            ),
        ],
    },
];
