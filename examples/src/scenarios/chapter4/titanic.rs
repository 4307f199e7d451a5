//! Titanic: requests that are on disk until somebody answers them, and their replies until they are called for.

use crate::scenario::{
    Arg::{self, Connect, Path},
    End, Scenario,
    What::{InOrder, Lines},
};

use crate::scenarios::parts::{expect, role};

use super::majordomo::{BROKER, ENDPOINTS, SPEED, WORKER};

const CLIENT_ARGS: &[Arg] = &[Connect("--broker", "broker"), Arg::Value("--speed", "speed")];

pub(in crate::scenarios) const SCENARIOS: &[Scenario] = &[Scenario {
    of: &["titanic", "ticlient"],
    endpoints: ENDPOINTS,
    values: &[SPEED],
    roles: &[
        BROKER,
        role(
            "titanic",
            1,
            &[
                Connect("--broker", "broker"),
                Path("--folder", ".titanic"),
                Arg::Value("--speed", "speed"),
                Arg::Flag("--verbose"),
            ],
        ),
        WORKER,
        role("ticlient", 1, CLIENT_ARGS),
    ],
    end: End::Programs(&["ticlient"]),
    expects: &[
        expect("ticlient", Lines("I: request UUID {*}", 1), "requests accepted"),
        expect("ticlient", InOrder(&["Reply: Hello world"]), "requests answered"),
    ],
}];
