//! The scenarios of chapter 3.

use crate::scenario::{
    Address::File,
    Arg::{self, Bind, Connect, Flag, Folder, Peers, QuickFlag},
    End, Endpoint, Role, Scenario, Value,
    What::{AtLeast, InOrder, Lines, Never},
};

use super::parts::{expect, port, role, value};

const ROUTER_ARGS: &[Arg] = &[
    Bind("--bind", "workers"),
    Connect("--connect", "workers"),
    Arg::Value("--run", "run"),
    Arg::Value("--longest", "longest"),
];
const ROUTER_VALUES: &[Value] = &[value("run", "5s", "500ms"), value("longest", "500", "50")];
const BROKER_ENDPOINTS: &[Endpoint] = &[
    Endpoint { name: "frontend", guide: File("frontend.ipc") },
    Endpoint { name: "backend", guide: File("backend.ipc") },
];
const SPEED: Value = value("speed", "1", "20");
const SPEED_ARG: Arg = Arg::Value("--speed", "speed");
const PEERING_ARGS: &[Arg] = &[Peers("DC"), Folder("--folder"), SPEED_ARG];
const PEERING_VERBOSE: &[Arg] = &[Peers("DC"), Folder("--folder"), SPEED_ARG, Flag("--verbose")];

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        of: &["identity"],
        endpoints: &[],
        values: &[],
        roles: &[role("identity", 1, &[])],
        end: End::Programs(&["identity"]),
        expects: &[expect(
            "identity",
            InOrder(&[
                "[005] 00{*}",
                "[028] ROUTER uses a generated UUID",
                "[005] PEER2",
                "[040] ROUTER socket uses REQ's socket identity",
            ]),
            "frames, in order",
        )],
    },
    Scenario {
        of: &["rtreq"],
        endpoints: &[port("workers", 5671)],
        values: ROUTER_VALUES,
        roles: &[role("rtreq", 1, ROUTER_ARGS)],
        end: End::Programs(&["rtreq"]),
        expects: &[expect("rtreq", Lines("Completed: {n} tasks", 10), "workers completed")],
    },
    Scenario {
        of: &["rtdealer"],
        endpoints: &[port("workers", 5671)],
        values: ROUTER_VALUES,
        roles: &[role("rtdealer", 1, ROUTER_ARGS)],
        end: End::Programs(&["rtdealer"]),
        expects: &[expect("rtdealer", Lines("Completed: {n} tasks", 10), "workers completed")],
    },
    Scenario {
        of: &["lbbroker"],
        endpoints: BROKER_ENDPOINTS,
        values: &[],
        roles: &[role(
            "lbbroker",
            1,
            &[Bind("--frontend", "frontend"), Bind("--backend", "backend"), QuickFlag("--verbose")],
        )],
        end: End::Programs(&["lbbroker"]),
        expects: &[
            expect("lbbroker", Lines("Worker: HELLO", 10), "requests worked on"),
            expect("lbbroker", Lines("Client: OK", 10), "clients answered"),
        ],
    },
    Scenario {
        of: &["lbbroker2"],
        endpoints: BROKER_ENDPOINTS,
        values: &[SPEED],
        roles: &[role(
            "lbbroker2",
            1,
            &[
                Bind("--frontend", "frontend"),
                Bind("--backend", "backend"),
                QuickFlag("--verbose"),
                SPEED_ARG,
            ],
        )],
        end: End::Time,
        expects: &[expect("lbbroker2", AtLeast("Client: OK", 50), "requests answered")],
    },
    Scenario {
        of: &["lbbroker3"],
        endpoints: BROKER_ENDPOINTS,
        values: &[SPEED],
        roles: &[role(
            "lbbroker3",
            1,
            &[Bind("--frontend", "frontend"), Bind("--backend", "backend"), SPEED_ARG],
        )],
        end: End::Time,
        expects: &[expect("lbbroker3", AtLeast("Client: OK", 50), "requests answered")],
    },
    Scenario {
        of: &["asyncsrv"],
        endpoints: &[port("server", 5570)],
        // Quick, the time is longer than it has to be on an idle machine.
        values: &[value("speed", "1", "5"), value("run", "5s", "15s")],
        roles: &[role(
            "asyncsrv",
            1,
            &[
                Bind("--bind", "server"),
                Connect("--connect", "server"),
                Arg::Value("--run", "run"),
                QuickFlag("--verbose"),
                SPEED_ARG,
            ],
        )],
        end: End::Programs(&["asyncsrv"]),
        expects: &[expect(
            "asyncsrv",
            AtLeast("{x}-{x}[{n}] request #{n}", 1),
            "replies collected by clients",
        )],
    },
    Scenario {
        of: &["peering1"],
        endpoints: &[],
        values: &[value("speed", "1", "10")],
        roles: &[role("peering1", 3, PEERING_ARGS)],
        end: End::Time,
        expects: &[expect(
            "peering1",
            AtLeast("DC{n} - {n} workers free", 6),
            "states of peers received",
        )],
    },
    Scenario {
        of: &["peering2"],
        endpoints: &[],
        values: &[value("speed", "1", "10")],
        roles: &[Role {
            name: "peering2",
            program: "peering2",
            copies: 3,
            args: PEERING_VERBOSE,
            prompt: Some("Press Enter when all brokers are started: "),
            after: None,
        }],
        end: End::Time,
        expects: &[
            expect("peering2", AtLeast("Client: OK", 40), "requests answered"),
            expect("peering2", AtLeast("Routed: localfe -> DC{n}", 1), "requests sent to peers"),
            expect("peering2", AtLeast("Routed: cloudfe -> localbe", 1), "requests of peers"),
            expect("peering2", Never("Routed: cloudfe -> DC{n}"), "requests of peers sent on"),
        ],
    },
    Scenario {
        of: &["peering3"],
        endpoints: &[],
        values: &[value("speed", "1", "4")],
        roles: &[role("peering3", 3, PEERING_VERBOSE)],
        end: End::Time,
        expects: &[
            expect("peering3", AtLeast("{x}", 10), "tasks done for clients"),
            expect("peering3", AtLeast("Cloud: {x} to DC{n}", 1), "tasks sent to peers"),
            expect("peering3", AtLeast("Cloud: {x} from DC{n}", 1), "tasks of peers"),
            expect("peering3", AtLeast("Cloud: {x} back from DC{n}", 1), "tasks that came back"),
            expect("peering3", Never("E: CLIENT EXIT{*}"), "tasks lost"),
        ],
    },
];
