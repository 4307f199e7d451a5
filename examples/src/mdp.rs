//! The Majordomo Protocol, MDP/0.1, as [7/MDP](https://rfc.zeromq.org/spec/7/) specifies it: the frames' contents.

use czmq_like::ZFrame;

/// The header of MDP/Client, version 0.1.
pub const MDPC_CLIENT: &str = "MDPC01";

/// The header of MDP/Worker, version 0.1.
pub const MDPW_WORKER: &str = "MDPW01";

/// The command by which a worker registers for a service.
pub const MDPW_READY: &str = "\x01";
/// The command by which a broker hands a request on.
pub const MDPW_REQUEST: &str = "\x02";
/// The command by which a worker replies.
pub const MDPW_REPLY: &str = "\x03";
/// The command by which each shows that it is alive.
pub const MDPW_HEARTBEAT: &str = "\x04";
/// The command by which each ends the conversation.
pub const MDPW_DISCONNECT: &str = "\x05";

/// The prefix of the services that a broker has itself, as [8/MMI](https://rfc.zeromq.org/spec/8/) says.
pub const MMI: &str = "mmi.";

/// How many heartbeats may be missing before the peer counts as gone: 3-5 is reasonable.
pub const HEARTBEAT_LIVENESS: u32 = 3;

/// Returns a command's name, for logs.
///
/// ```
/// use guide::mdp;
///
/// assert_eq!(mdp::mdps_command(mdp::MDPW_HEARTBEAT), "HEARTBEAT");
/// ```
pub fn mdps_command(command: &str) -> &'static str {
    match command {
        MDPW_READY => "READY",
        MDPW_REQUEST => "REQUEST",
        MDPW_REPLY => "REPLY",
        MDPW_HEARTBEAT => "HEARTBEAT",
        MDPW_DISCONNECT => "DISCONNECT",
        _ => "?",
    }
}

/// Returns the service's name, where the frame has one: a printable string, which is not empty.
///
/// ```
/// use czmq_like::ZFrame;
/// use guide::mdp::service_name;
///
/// assert_eq!(service_name(&ZFrame::new("echo")), Some("echo"));
/// assert_eq!(service_name(&ZFrame::new("")), None);
/// assert_eq!(service_name(&ZFrame::new("\x1B[2J")), None);
/// ```
pub fn service_name(frame: &ZFrame) -> Option<&str> {
    let name = std::str::from_utf8(frame.data()).ok()?;
    (!name.is_empty() && !name.contains(char::is_control)).then_some(name)
}
