//! Majordomo: a broker that knows services by name, with clients that ask one by one, or many at once.

use crate::scenario::{
    Arg::{self, Bind, Connect},
    End, Endpoint, Role, Scenario, Value,
    What::{InOrder, Lines},
};

use crate::scenarios::parts::{after, expect, port, role, value};

pub(super) const ENDPOINTS: &[Endpoint] = &[port("broker", 5555)];
/// A test's machine may be busy: what the Guide has 2.5 seconds for has half a second.
pub(super) const SPEED: Value = value("speed", "1", "5");

pub(super) const BROKER: Role =
    role("mdbroker", 1, &[Bind("--bind", "broker"), Arg::Value("--speed", "speed")]);
pub(super) const WORKER: Role =
    role("mdworker", 1, &[Connect("--broker", "broker"), Arg::Value("--speed", "speed")]);
const CLIENT_ARGS: &[Arg] = &[
    Connect("--broker", "broker"),
    Arg::Value("--requests", "requests"),
    Arg::Value("--speed", "speed"),
];
const CLIENT: Role = role("mdclient", 1, CLIENT_ARGS);

pub(in crate::scenarios) const SCENARIOS: &[Scenario] = &[
    // The Guide measures one after the other, with 100,000 requests each.
    Scenario {
        of: &["mdbroker", "mdworker", "mdclient", "mdclient2"],
        endpoints: ENDPOINTS,
        values: &[SPEED, value("requests", "100000", "2000")],
        roles: &[BROKER, WORKER, CLIENT, after("mdclient", role("mdclient2", 1, CLIENT_ARGS))],
        end: End::Programs(&["mdclient", "mdclient2"]),
        expects: &[
            expect(
                "mdbroker",
                Lines("{*}I: MDP broker/0.2.0 is active at {*}", 1),
                "brokers active",
            ),
            expect(
                "mdclient",
                InOrder(&["{requests} requests/replies processed", " {n} calls/second"]),
                "lines: all requests answered, one after the other, and their rate",
            ),
            expect(
                "mdclient2",
                InOrder(&["{requests} replies received", " {n} calls/second"]),
                "lines: all requests answered, many at once, and their rate",
            ),
        ],
    },
    Scenario {
        of: &["tripping"],
        endpoints: &[port("frontend", 5555), port("backend", 5556)],
        values: &[
            SPEED,
            value("synchronous", "10000", "1000"),
            value("asynchronous", "100000", "10000"),
        ],
        roles: &[role(
            "tripping",
            1,
            &[
                Bind("--frontend", "frontend"),
                Bind("--backend", "backend"),
                Connect("--client", "frontend"),
                Connect("--worker", "backend"),
                Arg::Value("--synchronous", "synchronous"),
                Arg::Value("--asynchronous", "asynchronous"),
                Arg::Value("--speed", "speed"),
            ],
        )],
        end: End::Programs(&["tripping"]),
        expects: &[
            expect(
                "tripping",
                InOrder(&[
                    "Setting up test...",
                    "Synchronous round-trip test...",
                    "Asynchronous round-trip test...",
                ]),
                "tests, in order",
            ),
            expect("tripping", Lines(" {n} calls/second", 2), "rates"),
        ],
    },
    // A request that was answered tells that the worker has registered.
    Scenario {
        of: &["mmiecho"],
        endpoints: ENDPOINTS,
        values: &[SPEED, value("requests", "1", "1")],
        roles: &[
            BROKER,
            WORKER,
            CLIENT,
            after(
                "mdclient",
                role(
                    "mmiecho",
                    1,
                    &[Connect("--broker", "broker"), Arg::Value("--speed", "speed")],
                ),
            ),
        ],
        end: End::Programs(&["mmiecho"]),
        expects: &[expect("mmiecho", Lines("Lookup echo service: 200", 1), "services found")],
    },
];
