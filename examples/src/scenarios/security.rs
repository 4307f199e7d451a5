//! The scenarios of the article on security.

use crate::scenario::{
    Address::Loopback,
    Arg::{self, Bind, Connect, Path},
    End, Endpoint, Expect, Role, Scenario,
    What::{self, InOrder, Lines},
};

use super::parts::{expect, role};

const SERVER: &[Endpoint] = &[Endpoint { name: "server", guide: Loopback(9000) }];
const BIND: Arg = Bind("--bind", "server");
const CONNECT: Arg = Connect("--connect", "server");
const ENDPOINTS: &[Arg] = &[BIND, CONNECT];
const DECIDED: &str = "lines: what libzmq asked, what it was told, and the message";

/// The scenario of a program that is server and client at once.
const fn house(
    of: &'static [&'static str],
    roles: &'static [Role],
    expects: &'static [Expect],
) -> Scenario {
    Scenario { of, endpoints: SERVER, values: &[], roles, end: End::Programs(of), expects }
}

const STRAW: What = InOrder(&[
    "I: {*} zauth: ZAP request mechanism=NULL ipaddress=127.0.0.1",
    "I: {*} zauth: - passed (allowed list) address=127.0.0.1",
    "I: {*} zauth: - ZAP reply status_code=200 status_text=OK",
    "Strawhouse test OK",
]);
const WOOD: What = InOrder(&[
    "I: {*} zauth: ZAP request mechanism=PLAIN ipaddress=127.0.0.1",
    "I: {*} zauth: - allowed (PLAIN) username=admin",
    "I: {*} zauth: - ZAP reply status_code=200 status_text=OK",
    "Woodhouse test OK",
]);
const STONE: What = InOrder(&[
    "I: {*} zauth: ZAP request mechanism=CURVE ipaddress=127.0.0.1",
    "I: {*} zauth: - allowed (CURVE allow any client)",
    "I: {*} zauth: - ZAP reply status_code=200 status_text=OK",
    "Stonehouse test OK",
]);
const IRON: What = InOrder(&[
    "I: {*} zauth: ZAP request mechanism=CURVE ipaddress=127.0.0.1",
    "I: {*} zauth: - allowed (CURVE) client_key={*}",
    "I: {*} zauth: - ZAP reply status_code=200 status_text=OK",
    "Ironhouse test OK",
]);

pub(super) const SCENARIOS: &[Scenario] = &[
    house(
        &["grasslands"],
        &[role("grasslands", 1, ENDPOINTS)],
        &[expect("grasslands", Lines("Grasslands test OK", 1), "messages")],
    ),
    house(
        &["strawhouse"],
        &[role("strawhouse", 1, ENDPOINTS)],
        &[expect("strawhouse", STRAW, DECIDED)],
    ),
    house(
        &["woodhouse"],
        &[role("woodhouse", 1, &[BIND, CONNECT, Path("--passwords", "passwords")])],
        &[expect("woodhouse", WOOD, DECIDED)],
    ),
    house(
        &["stonehouse"],
        &[role("stonehouse", 1, ENDPOINTS)],
        &[expect("stonehouse", STONE, DECIDED)],
    ),
    house(
        &["ironhouse"],
        &[role("ironhouse", 1, &[BIND, CONNECT, Path("--store", ".curve")])],
        &[expect("ironhouse", IRON, DECIDED)],
    ),
];
