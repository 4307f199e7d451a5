//! What scenarios are put together from, in short.

use crate::scenario::{Address::Port, Arg, Endpoint, Expect, Role, Value, What};

pub(super) const fn role(program: &'static str, copies: usize, args: &'static [Arg]) -> Role {
    Role { name: program, program, copies, args, prompt: None, after: None }
}

/// One of several roles of a program.
pub(super) const fn named(name: &'static str, role: Role) -> Role {
    Role { name, ..role }
}

/// One that is started when another has ended.
pub(super) const fn after(other: &'static str, role: Role) -> Role {
    Role { after: Some(other), ..role }
}

pub(super) const fn expect(role: &'static str, what: What, says: &'static str) -> Expect {
    Expect { role, what, says }
}

pub(super) const fn port(name: &'static str, port: u16) -> Endpoint {
    Endpoint { name, guide: Port(port) }
}

pub(super) const fn value(name: &'static str, full: &'static str, quick: &'static str) -> Value {
    Value { name, full, quick }
}
