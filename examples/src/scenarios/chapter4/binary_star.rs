//! Binary Star: a pair of servers, and a client that turns to the other one when its own is silent.

use crate::scenario::{
    Act,
    Arg::{self, Bind, Connect, Flag},
    Deed::{self, Interrupt, Kill, Nothing, Start},
    End, Endpoint, Expect, Role, Scenario, Value,
    What::{AtLeast, InOrder},
};

use crate::scenarios::parts::{expect, named, port, role, value};

const ENDPOINTS: &[Endpoint] = &[
    port("primary", 5001),
    port("backup", 5002),
    port("primary-state", 5003),
    port("backup-state", 5004),
];
/// A test's machine may be busy: what the Guide has a second for has a fifth of it.
const VALUES: &[Value] = &[value("speed", "1", "5")];

const PRIMARY: &str = "primary";
const BACKUP: &str = "backup";
const CLIENT: &str = "bstarcli";

const PRIMARY_ARGS: &[Arg] = &[
    Flag("-p"),
    Bind("--frontend", "primary"),
    Bind("--statepub", "primary-state"),
    Connect("--statesub", "backup-state"),
    Arg::Value("--speed", "speed"),
];
const BACKUP_ARGS: &[Arg] = &[
    Flag("-b"),
    Bind("--frontend", "backup"),
    Bind("--statepub", "backup-state"),
    Connect("--statesub", "primary-state"),
    Arg::Value("--speed", "speed"),
];
const CLIENT_ROLE: Role = role(
    CLIENT,
    1,
    &[
        Connect("--primary", "primary"),
        Connect("--backup", "backup"),
        Arg::Value("--speed", "speed"),
    ],
);

const fn when(role: &'static str, line: &'static str, deed: Deed) -> Act {
    Act { role, line, deed }
}

/// The primary dies, and the client has the backup take over. Then the Guide's recovery: the primary is started again,
/// the backup is stopped, and started again when the client is with the primary.
const ACTS: &[Act] = &[
    when(CLIENT, "I: server replied OK (3)", Nothing),
    when(CLIENT, "I: server replied OK ({n})", Kill(PRIMARY)),
    when(BACKUP, "{*}I: failover successful, ready a{*}", Nothing),
    when(CLIENT, "I: server replied OK ({n})", Nothing),
    when(CLIENT, "I: server replied OK ({n})", Start(PRIMARY)),
    when(PRIMARY, "{*}I: connected to backup (active), ready {*}passive", Interrupt(BACKUP)),
    when(PRIMARY, "{*}I: failover successful, ready a{*}", Nothing),
    when(CLIENT, "I: server replied OK ({n})", Start(BACKUP)),
    when(BACKUP, "{*}I: connected to primary (active), ready {*}passive", Nothing),
    when(CLIENT, "I: server replied OK ({n})", Nothing),
];

const EXPECTS: &[Expect] = &[
    expect(
        CLIENT,
        InOrder(&[
            "I: server replied OK (1)",
            "I: server replied OK (2)",
            "I: server replied OK (3)",
            "I: server replied OK (4)",
            "I: server replied OK (5)",
            "I: server replied OK (6)",
            "I: server replied OK (7)",
            "I: server replied OK (8)",
        ]),
        "replies, in order",
    ),
    expect(CLIENT, AtLeast("W: no response from server, failing over", 2), "failovers"),
    expect(
        PRIMARY,
        InOrder(&[
            "{*}I: connected to backup (passive), ready {*}active",
            "{*}I: connected to backup (active), ready {*}passive",
            "{*}I: failover successful, ready {*}active",
        ]),
        "changes: it was active, died, came back passive, and took over",
    ),
    expect(BACKUP, AtLeast("{*}I: failover successful, ready {*}active", 1), "takeovers"),
];

pub(in crate::scenarios) const SCENARIOS: &[Scenario] = &[
    Scenario {
        of: &["bstarsrv", "bstarcli"],
        endpoints: ENDPOINTS,
        values: VALUES,
        roles: &[
            named(PRIMARY, role("bstarsrv", 1, PRIMARY_ARGS)),
            named(BACKUP, role("bstarsrv", 1, BACKUP_ARGS)),
            CLIENT_ROLE,
        ],
        end: End::Acts(ACTS),
        expects: EXPECTS,
    },
    Scenario {
        of: &["bstarsrv2"],
        endpoints: ENDPOINTS,
        values: VALUES,
        roles: &[
            named(PRIMARY, role("bstarsrv2", 1, PRIMARY_ARGS)),
            named(BACKUP, role("bstarsrv2", 1, BACKUP_ARGS)),
            CLIENT_ROLE,
        ],
        end: End::Acts(ACTS),
        expects: EXPECTS,
    },
];
