//! Binary Star server, using the bstar reactor.

use czmq_like::prelude::*;
use guide::bstar::{BStar, HEARTBEAT, State};
use guide::speed;
use zmqx::Result;

// Echo service
fn echo<'a>(_reactor: &mut ZLoop<'a, ()>, socket: &Socket<Router>, _state: &mut ()) -> Result<()> {
    let msg = ZMsg::recv(socket)?;
    Ok(msg.send(socket)?)
}

pub(crate) fn main() -> Result<()> {
    // Arguments can be either of:
    //     -p  primary server, at tcp://localhost:5001
    //     -b  backup server, at tcp://localhost:5002
    let args = guide::args(&[
        ("-p, --primary", ""),
        ("-b, --backup", ""),
        ("--frontend", "tcp://*:5001 | tcp://*:5002"),
        ("--statepub", "tcp://*:5003 | tcp://*:5004"),
        ("--statesub", "tcp://localhost:5004 | tcp://localhost:5003"),
        speed::OPTION,
    ]);
    let mut bstar;
    match (args.is_set("--primary"), args.is_set("--backup")) {
        (true, false) => {
            println!("I: Primary active, waiting for backup (passive)");
            bstar = BStar::new(
                State::Primary,
                args.or("--statepub", "tcp://*:5003"),
                args.or("--statesub", "tcp://localhost:5004"),
            )?;
            bstar.voter(args.or("--frontend", "tcp://*:5001"), Router, echo)?;
        }
        (false, true) => {
            println!("I: Backup passive, waiting for primary (active)");
            bstar = BStar::new(
                State::Backup,
                args.or("--statepub", "tcp://*:5004"),
                args.or("--statesub", "tcp://localhost:5003"),
            )?;
            bstar.voter(args.or("--frontend", "tcp://*:5002"), Router, echo)?;
        }
        _ => {
            println!("Usage: bstarsrv2 {{ -p | -b }}");
            return Ok(());
        }
    }
    bstar.set_heartbeat(args.speed().of(HEARTBEAT))?;
    bstar.start(&mut ())?;
    Ok(())
}
