//! The scenarios of the freelance pattern, in three models: the client finds all servers, then one of them gone, then
//! all of them again.

use crate::scenario::{
    Act,
    Arg::{self, Bind, Connect},
    Deed::{self, Interrupt, Nothing, Start},
    End, Endpoint, Role, Scenario, Value,
    What::{AtLeast, Lines},
};

use super::super::parts::{expect, named, port, role, value};

const ENDPOINTS: &[Endpoint] = &[port("first", 5555), port("second", 5556), port("third", 5557)];
/// Five times as fast a client still waits for a fifth of a second.
const SPEED: Value = value("speed", "1", "5");
const CLIENT_ARGS: &[Arg] = &[
    Connect("", "first"),
    Connect("", "second"),
    Connect("", "third"),
    Arg::Value("--speed", "speed"),
];
const MANY_REQUESTS: &[Arg] = &[
    Connect("", "first"),
    Connect("", "second"),
    Connect("", "third"),
    Arg::Value("--requests", "requests"),
    Arg::Value("--speed", "speed"),
];

/// The servers of models 1 and 2, which take their endpoint by position.
const fn servers(program: &'static str, client: Role) -> [Role; 4] {
    [
        named("server-1", role(program, 1, &[Bind("", "first")])),
        named("server-2", role(program, 1, &[Bind("", "second")])),
        named("server-3", role(program, 1, &[Bind("", "third")])),
        client,
    ]
}

const fn when(role: &'static str, line: &'static str, deed: Deed) -> Act {
    Act { role, line, deed }
}

/// The client runs three times: with all servers, without the first one, and when that is back.
const fn acts(client: &'static str, success: &'static str) -> [Act; 5] {
    [
        when(client, success, Interrupt("server-1")),
        when("server-1", "W: interrupted", Start(client)),
        when(client, success, Start("server-1")),
        when("server-1", "I: {*}service is ready at {*}", Start(client)),
        when(client, success, Nothing),
    ]
}

const OK: &str = "Service is running OK";
const AVERAGE: &str = "Average round trip cost: {n} usec";
const RUNS: &str = "runs answered, one of them without the first server";

pub(in crate::scenarios) const SCENARIOS: &[Scenario] = &[
    Scenario {
        of: &["flserver1", "flclient1"],
        endpoints: ENDPOINTS,
        values: &[SPEED],
        roles: &servers("flserver1", role("flclient1", 1, CLIENT_ARGS)),
        end: End::Acts(&acts("flclient1", OK)),
        expects: &[
            expect("flclient1", Lines(OK, 3), RUNS),
            expect("flclient1", AtLeast("W: no response from {*}", 1), "times to the next server"),
        ],
    },
    Scenario {
        of: &["flserver2", "flclient2"],
        endpoints: ENDPOINTS,
        values: &[SPEED, value("requests", "10000", "1000")],
        roles: &servers("flserver2", role("flclient2", 1, MANY_REQUESTS)),
        end: End::Acts(&acts("flclient2", AVERAGE)),
        expects: &[
            expect("flclient2", Lines(AVERAGE, 3), RUNS),
            expect("flclient2", Lines("E: {*}", 0), "requests abandoned"),
        ],
    },
    Scenario {
        of: &["flserver3", "flclient3"],
        endpoints: ENDPOINTS,
        values: &[SPEED, value("requests", "1000", "1000")],
        roles: &[
            named(
                "server-1",
                role("flserver3", 1, &[Bind("--bind", "first"), Connect("--identity", "first")]),
            ),
            named(
                "server-2",
                role("flserver3", 1, &[Bind("--bind", "second"), Connect("--identity", "second")]),
            ),
            named(
                "server-3",
                role("flserver3", 1, &[Bind("--bind", "third"), Connect("--identity", "third")]),
            ),
            role("flclient3", 1, MANY_REQUESTS),
        ],
        end: End::Acts(&acts("flclient3", AVERAGE)),
        expects: &[
            expect("flclient3", Lines(AVERAGE, 3), RUNS),
            expect("flclient3", Lines("E: {*}", 0), "requests abandoned"),
        ],
    },
];
