//! The libzmq that runs: its version, and what it was built with.

use std::fmt;

use crate::raw::library;

/// A version of libzmq.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Changes when programs must change.
    pub major: i32,
    /// Changes with new functions.
    pub minor: i32,
    /// Changes with corrections.
    pub patch: i32,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// Returns the version of the libzmq that runs, which may be newer than the one the program was built with.
///
/// Corresponds to [`zmq_version(3)`](https://libzmq.readthedocs.io/en/latest/zmq_version.html).
///
/// ```
/// assert!(zmqx::version() >= zmqx::Version { major: 3, minor: 2, patch: 0 });
/// ```
pub fn version() -> Version {
    let (major, minor, patch) = library::version();
    Version { major, minor, patch }
}

/// Something that libzmq may have been built with or without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Capability {
    /// The transport ipc://.
    Ipc,
    /// The transports pgm:// and epgm://.
    Pgm,
    /// The transport tipc://.
    Tipc,
    /// The transport norm://.
    Norm,
    /// The transport vmci://.
    Vmci,
    /// The transport ws://.
    Ws,
    /// The transport wss://.
    Wss,
    /// The security mechanism CURVE.
    Curve,
    /// The security mechanism GSSAPI.
    Gssapi,
    /// The draft API.
    Draft,
}

/// Tells whether the libzmq that runs has the capability.
///
/// Before libzmq 4.1, which has no way to ask, what can be found out is told, and else `false`.
///
/// Corresponds to [`zmq_has(3)`](https://libzmq.readthedocs.io/en/latest/zmq_has.html).
///
/// ```
/// use zmqx::{Capability, has};
///
/// println!("CURVE: {}", has(Capability::Curve));
/// # #[cfg(unix)]
/// assert!(has(Capability::Ipc));
/// ```
pub fn has(capability: Capability) -> bool {
    library::has(match capability {
        Capability::Ipc => c"ipc",
        Capability::Pgm => c"pgm",
        Capability::Tipc => c"tipc",
        Capability::Norm => c"norm",
        Capability::Vmci => c"vmci",
        Capability::Ws => c"WS",
        Capability::Wss => c"WSS",
        Capability::Curve => c"curve",
        Capability::Gssapi => c"gssapi",
        Capability::Draft => c"draft",
    })
}
