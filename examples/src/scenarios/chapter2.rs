//! The scenarios of chapter 2.

use crate::scenario::{
    Arg::{self, Bind, Connect, Flag},
    End, Endpoint, Expect, Role, Scenario,
    What::{AtLeast, InOrder, Lines, LinesByValue, Only},
};

use super::chapter1::{AVERAGE, COST, ELAPSED, LONGEST, SENT, TASKS, VENTILATOR, WEATHER, WORK};
use super::parts::{expect, port, role, value};

const READS: &[Endpoint] = &[port("tasks", 5557), port("results", 5558), port("weather", 5556)];
const READ_ARGS: &[Arg] =
    &[Connect("--receiver", "tasks"), Connect("--subscriber", "weather"), Flag("--verbose")];
const BROKER: &[Endpoint] = &[port("frontend", 5559), port("backend", 5560)];
const BROKER_ARGS: &[Arg] = &[Bind("--frontend", "frontend"), Bind("--backend", "backend")];
const CLIENT: Role = role("rrclient", 1, &[Connect("--connect", "frontend")]);
const WORKER: Role =
    role("rrworker", 1, &[Connect("--connect", "backend"), Arg::Value("--work", "work")]);
const RELAYED: Expect = expect(
    "rrclient",
    InOrder(&[
        "Received reply 0 [World]",
        "Received reply 1 [World]",
        "Received reply 2 [World]",
        "Received reply 3 [World]",
        "Received reply 4 [World]",
        "Received reply 5 [World]",
        "Received reply 6 [World]",
        "Received reply 7 [World]",
        "Received reply 8 [World]",
        "Received reply 9 [World]",
    ]),
    "replies, in order",
);
const ASKED: Expect = expect("rrworker", Lines("Received request: [Hello]", 10), "requests came");

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        of: &["msreader"],
        endpoints: READS,
        values: &[LONGEST],
        roles: &[WEATHER, role("msreader", 1, READ_ARGS), VENTILATOR],
        end: End::Time,
        expects: &[
            expect("msreader", Lines("Task: {n}", 100), "tasks read"),
            expect("msreader", AtLeast("Weather: 10001 {n} {n}", 1), "weather updates read"),
        ],
    },
    Scenario {
        of: &["mspoller"],
        endpoints: READS,
        values: &[LONGEST],
        roles: &[WEATHER, role("mspoller", 1, READ_ARGS), VENTILATOR],
        end: End::Time,
        expects: &[
            expect("mspoller", Lines("Task: {n}", 100), "tasks read"),
            expect("mspoller", AtLeast("Weather: 10001 {n} {n}", 1), "weather updates read"),
        ],
    },
    Scenario {
        of: &["rrbroker", "rrclient", "rrworker"],
        endpoints: BROKER,
        values: &[WORK],
        roles: &[role("rrbroker", 1, BROKER_ARGS), WORKER, CLIENT],
        end: End::Programs(&["rrclient"]),
        expects: &[ASKED, RELAYED],
    },
    Scenario {
        of: &["msgqueue"],
        endpoints: BROKER,
        values: &[WORK],
        roles: &[role("msgqueue", 1, BROKER_ARGS), WORKER, CLIENT],
        end: End::Programs(&["rrclient"]),
        expects: &[ASKED, RELAYED],
    },
    Scenario {
        of: &["wuproxy"],
        endpoints: &[port("weather", 5556), port("public", 8100)],
        values: &[value("filter", "1000", "1")],
        roles: &[
            WEATHER,
            role("wuproxy", 1, &[Connect("", "weather"), Bind("", "public")]),
            role("wuclient", 1, &[Connect("--connect", "public"), Arg::Value("", "filter")]),
        ],
        end: End::Programs(&["wuclient"]),
        expects: &[expect("wuclient", AVERAGE, "lines, with the average temperature")],
    },
    Scenario {
        of: &["taskwork2", "tasksink2"],
        endpoints: TASKS,
        values: &[LONGEST],
        roles: &[
            role(
                "tasksink2",
                1,
                &[
                    Bind("--receiver", "results"),
                    Bind("--controller", "control"),
                    Arg::Copies("--workers", "taskwork2"),
                ],
            ),
            role(
                "taskwork2",
                4,
                &[
                    Connect("--receiver", "tasks"),
                    Connect("--sender", "results"),
                    Connect("--controller", "control"),
                ],
            ),
            VENTILATOR,
        ],
        end: End::Programs(&["tasksink2", "taskwork2", "taskvent"]),
        expects: &[
            expect("taskvent", InOrder(&[SENT, COST]), "lines, with the expected cost"),
            expect("tasksink2", Lines(ELAPSED, 1), "batches of 100 tasks done"),
        ],
    },
    Scenario {
        of: &["interrupt"],
        endpoints: &[port("hello", 5555)],
        values: &[],
        roles: &[
            role("interrupt", 1, &[Bind("--bind", "hello")]),
            role("hwclient", 1, &[Connect("--connect", "hello")]),
        ],
        end: End::Signal { program: "interrupt", after: "hwclient" },
        expects: &[
            expect("hwclient", Lines("Received World {n}", 10), "requests answered"),
            expect(
                "interrupt",
                Lines("W: interrupt received, killing server...", 1),
                "interrupts received",
            ),
        ],
    },
    Scenario {
        of: &["mtserver"],
        endpoints: &[port("hello", 5555)],
        values: &[value("requests", "10", "1")],
        roles: &[
            role("mtserver", 1, &[Bind("--bind", "hello")]),
            role(
                "hwclient",
                5,
                &[Connect("--connect", "hello"), Arg::Value("--requests", "requests")],
            ),
        ],
        end: End::Programs(&["hwclient"]),
        expects: &[
            expect("mtserver", AtLeast("Received request: [Hello]", 5), "requests came"),
            expect(
                "hwclient",
                LinesByValue("Received World {n}", "requests"),
                "requests answered, five at a time",
            ),
        ],
    },
    Scenario {
        of: &["mtrelay"],
        endpoints: &[],
        values: &[],
        roles: &[role("mtrelay", 1, &[])],
        end: End::Programs(&["mtrelay"]),
        expects: &[expect(
            "mtrelay",
            InOrder(&[
                "Step 1 ready, signaling step 2",
                "Step 2 ready, signaling step 3",
                "Test successful!",
            ]),
            "steps, in order",
        )],
    },
    Scenario {
        of: &["syncpub", "syncsub"],
        endpoints: &[port("updates", 5561), port("sync", 5562)],
        values: &[value("updates", "1000000", "200000"), value("settle", "1s", "0")],
        roles: &[
            role(
                "syncsub",
                10,
                &[
                    Connect("--subscriber", "updates"),
                    Connect("--syncclient", "sync"),
                    Arg::Value("--settle", "settle"),
                ],
            ),
            role(
                "syncpub",
                1,
                &[
                    Bind("--publisher", "updates"),
                    Bind("--syncservice", "sync"),
                    Arg::Value("--updates", "updates"),
                ],
            ),
        ],
        end: End::Programs(&["syncpub", "syncsub"]),
        expects: &[
            expect(
                "syncpub",
                InOrder(&["Waiting for subscribers", "Broadcasting messages"]),
                "lines, in order",
            ),
            expect(
                "syncsub",
                Lines("Received {updates} updates", 1),
                "subscribers received every update",
            ),
        ],
    },
    Scenario {
        of: &["psenvpub", "psenvsub"],
        endpoints: &[port("letters", 5563)],
        values: &[],
        roles: &[
            role("psenvpub", 1, &[Bind("--bind", "letters")]),
            role("psenvsub", 1, &[Connect("--connect", "letters")]),
        ],
        end: End::Time,
        expects: &[
            expect("psenvsub", AtLeast("[B] We would like to see this", 2), "messages of B"),
            expect("psenvsub", Only("[B] We would like to see this"), "messages of A"),
        ],
    },
];
