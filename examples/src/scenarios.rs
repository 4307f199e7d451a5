//! The scenarios: what the runner shows, and what the tests check.

use crate::scenario::{
    Address::{File, Port},
    Arg::{self, Bind, Connect, Flag, QuickFlag},
    End, Endpoint, Expect, Role, Scenario, Value,
    What::{self, AtLeast, InOrder, Lines, LinesByValue, Only},
};

/// Returns the scenario of the program of that name.
pub fn find(name: &str) -> Option<&'static Scenario> {
    SCENARIOS.iter().find(|scenario| scenario.of.contains(&name))
}

const fn role(program: &'static str, copies: usize, args: &'static [Arg]) -> Role {
    Role { program, copies, args, prompt: None }
}

const fn expect(program: &'static str, what: What, says: &'static str) -> Expect {
    Expect { program, what, says }
}

const fn port(name: &'static str, port: u16) -> Endpoint {
    Endpoint { name, guide: Port(port) }
}

const fn value(name: &'static str, full: &'static str, quick: &'static str) -> Value {
    Value { name, full, quick }
}

const WORK: Value = value("work", "1s", "10ms");
const LONGEST: Value = value("longest", "100", "20");
const PROMPT: Option<&str> = Some("Press Enter when the workers are ready: ");
const VENTILATOR: Role = Role {
    program: "taskvent",
    copies: 1,
    args: &[
        Bind("--sender", "tasks"),
        Connect("--sink", "results"),
        Arg::Value("--longest", "longest"),
    ],
    prompt: PROMPT,
};
const TASKS: &[Endpoint] = &[port("tasks", 5557), port("results", 5558), port("control", 5559)];
const READS: &[Endpoint] = &[port("tasks", 5557), port("results", 5558), port("weather", 5556)];
const READ_ARGS: &[Arg] =
    &[Connect("--receiver", "tasks"), Connect("--subscriber", "weather"), Flag("--verbose")];
const WEATHER: Role = role("wuserver", 1, &[Bind("--bind", "weather")]);
const SENT: &str = "{*}Sending tasks to workers...";
const COST: &str = "Total expected cost: {n} msec";
const ELAPSED: &str = ":.........:.........:.........:.........:.........:.........:.........:.........:.........\
     :.........Total elapsed time: {n} msec";
const AVERAGE: What = InOrder(&[
    "Collecting updates from weather server...",
    "Average temperature for zipcode '{filter}' was {n}F",
]);
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
const ROUTER_ARGS: &[Arg] = &[
    Bind("--bind", "workers"),
    Connect("--connect", "workers"),
    Arg::Value("--run", "run"),
    Arg::Value("--longest", "longest"),
];
const ROUTER_VALUES: &[Value] = &[value("run", "5s", "500ms"), value("longest", "500", "50")];

/// All scenarios, in the Guide's order.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        of: &["hwserver", "hwclient"],
        endpoints: &[port("hello", 5555)],
        values: &[WORK],
        roles: &[
            role("hwserver", 1, &[Bind("--bind", "hello"), Arg::Value("--work", "work")]),
            role("hwclient", 1, &[Connect("--connect", "hello")]),
        ],
        end: End::Programs(&["hwclient"]),
        expects: &[
            expect("hwserver", Lines("Received Hello", 10), "requests came"),
            expect("hwclient", Lines("Sending Hello {n}...", 10), "requests sent"),
            expect(
                "hwclient",
                InOrder(&["Connecting to hello world server...", "Received World 9"]),
                "lines at the beginning and the end",
            ),
            expect("hwclient", Lines("Received World {n}", 10), "requests answered"),
        ],
    },
    Scenario {
        of: &["version"],
        endpoints: &[],
        values: &[],
        roles: &[role("version", 1, &[])],
        end: End::Programs(&["version"]),
        expects: &[expect(
            "version",
            Lines("Current ØMQ version is {n}.{n}.{n}", 1),
            "versions reported",
        )],
    },
    Scenario {
        of: &["wuserver", "wuclient"],
        endpoints: &[port("weather", 5556)],
        // The Guide's "10001 " is one message of 100,000: a prefix of ten zipcodes does not take minutes.
        values: &[value("filter", "1000", "1")],
        roles: &[
            WEATHER,
            role("wuclient", 1, &[Connect("--connect", "weather"), Arg::Value("", "filter")]),
        ],
        end: End::Programs(&["wuclient"]),
        expects: &[expect("wuclient", AVERAGE, "lines, with the average temperature")],
    },
    Scenario {
        of: &["taskvent", "taskwork", "tasksink"],
        endpoints: TASKS,
        values: &[LONGEST],
        roles: &[
            role("tasksink", 1, &[Bind("--bind", "results")]),
            role("taskwork", 4, &[Connect("--receiver", "tasks"), Connect("--sender", "results")]),
            VENTILATOR,
        ],
        end: End::Programs(&["tasksink", "taskvent"]),
        expects: &[
            expect("taskvent", InOrder(&[SENT, COST]), "lines, with the expected cost"),
            expect("tasksink", Lines(ELAPSED, 1), "batches of 100 tasks done"),
        ],
    },
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
        endpoints: &[
            Endpoint { name: "frontend", guide: File("frontend.ipc") },
            Endpoint { name: "backend", guide: File("backend.ipc") },
        ],
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
];
