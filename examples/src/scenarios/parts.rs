//! What scenarios are put together from, in short.

use crate::scenario::{Address::Port, Arg, Endpoint, Expect, Role, Value, What};

pub(super) const fn role(program: &'static str, copies: usize, args: &'static [Arg]) -> Role {
    Role { program, copies, args, prompt: None }
}

pub(super) const fn expect(program: &'static str, what: What, says: &'static str) -> Expect {
    Expect { program, what, says }
}

pub(super) const fn port(name: &'static str, port: u16) -> Endpoint {
    Endpoint { name, guide: Port(port) }
}

pub(super) const fn value(name: &'static str, full: &'static str, quick: &'static str) -> Value {
    Value { name, full, quick }
}
