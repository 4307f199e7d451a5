//! The scenarios of chapter 1.

use crate::scenario::{
    Arg::{self, Bind, Connect},
    End, Endpoint, Role, Scenario, Value,
    What::{self, InOrder, Lines},
};

use super::parts::{expect, port, role, value};

pub(super) const WORK: Value = value("work", "1s", "10ms");
pub(super) const LONGEST: Value = value("longest", "100", "20");
const PROMPT: Option<&str> = Some("Press Enter when the workers are ready: ");
pub(super) const VENTILATOR: Role = Role {
    name: "taskvent",
    program: "taskvent",
    copies: 1,
    args: &[
        Bind("--sender", "tasks"),
        Connect("--sink", "results"),
        Arg::Value("--longest", "longest"),
    ],
    prompt: PROMPT,
    after: None,
};
pub(super) const TASKS: &[Endpoint] =
    &[port("tasks", 5557), port("results", 5558), port("control", 5559)];
pub(super) const WEATHER: Role = role("wuserver", 1, &[Bind("--bind", "weather")]);
pub(super) const SENT: &str = "{*}Sending tasks to workers...";
pub(super) const COST: &str = "Total expected cost: {n} msec";
pub(super) const ELAPSED: &str = ":.........:.........:.........:.........:.........:.........:.........:.........:.........\
     :.........Total elapsed time: {n} msec";
pub(super) const AVERAGE: What = InOrder(&[
    "Collecting updates from weather server...",
    "Average temperature for zipcode '{filter}' was {n}F",
]);

pub(super) const SCENARIOS: &[Scenario] = &[
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
];
