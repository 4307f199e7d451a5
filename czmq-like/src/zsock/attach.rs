//! Attach strings: lists of endpoints to bind and connect to.

use zmqx::{Error, Kind, Result, Socket, SocketKind};

use crate::ZSocket;

/// Whether a kind of socket binds where an attach string does not say.
pub(super) fn serverish(kind: SocketKind) -> bool {
    matches!(
        kind,
        SocketKind::Pub
            | SocketKind::Rep
            | SocketKind::Router
            | SocketKind::Pull
            | SocketKind::XPub
    )
}

pub(crate) fn attach<K: Kind>(socket: &Socket<K>, endpoints: &str, serverish: bool) -> Result<()> {
    if endpoints.is_empty() {
        return Ok(());
    }
    // As in C, one comma may end the list.
    let list = endpoints.strip_suffix(',').unwrap_or(endpoints);
    let is_nothing = |endpoint: &str| endpoint.trim_start_matches(['@', '>']).trim().is_empty();
    if list.split(',').any(is_nothing) {
        return Err(Error::invalid("attach", format!("{endpoints:?} has an empty endpoint")));
    }
    list.split(',').try_for_each(|endpoint| {
        let (binds, endpoint) = match (endpoint.strip_prefix('@'), endpoint.strip_prefix('>')) {
            (Some(endpoint), _) => (true, endpoint),
            (_, Some(endpoint)) => (false, endpoint),
            _ => (serverish, endpoint),
        };
        if binds { ZSocket::bind(socket, endpoint).map(drop) } else { socket.connect(endpoint) }
    })
}
