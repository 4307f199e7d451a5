//! Binary Star server, proof of concept: it does no real work, and just demonstrates the failover.

use czmq_like::prelude::*;
use guide::bstar::{Event, State};
use guide::speed;
use zmqx::Result;

// We send state information this often; if peer doesn't respond in two heartbeats, it is 'dead'
const HEARTBEAT: Duration = Duration::from_millis(1000);

// Our finite state machine
pub(crate) struct BStar {
    pub(crate) state: State,          // Current state
    pub(crate) peer_expiry: Duration, // When peer is considered 'dead'
}

// The heart of the Binary Star design is its finite-state machine. It runs one event at a time: an event is applied to
// the current state, which checks if it is accepted, and if so, may set a new state. True is an exception.

pub(crate) fn state_machine(fsm: &mut BStar, event: Event, now: Duration) -> bool {
    match (fsm.state, event) {
        // These are the PRIMARY and BACKUP states: we're waiting to become ACTIVE or PASSIVE by what our peer is
        (State::Primary, Event::PeerBackup) => {
            println!("I: connected to backup (passive), ready active");
            fsm.state = State::Active;
        }
        (State::Primary, Event::PeerActive) => {
            println!("I: connected to backup (active), ready passive");
            fsm.state = State::Passive;
        }
        (State::Primary, Event::ClientRequest) => {} // Accept client connections

        (State::Backup, Event::PeerActive) => {
            println!("I: connected to primary (active), ready passive");
            fsm.state = State::Passive;
        }
        (State::Backup, Event::ClientRequest) => return true, // Reject client connections when acting as backup

        // These are the ACTIVE and PASSIVE states
        (State::Active, Event::PeerActive) => {
            // Two actives would mean split-brain
            println!("E: fatal error - dual actives, aborting");
            return true;
        }
        (State::Passive, Event::PeerPrimary) => {
            // Peer is restarting - become active, peer will go passive
            println!("I: primary (passive) is restarting, ready active");
            fsm.state = State::Active;
        }
        (State::Passive, Event::PeerBackup) => {
            // Peer is restarting - become active, peer will go passive
            println!("I: backup (passive) is restarting, ready active");
            fsm.state = State::Active;
        }
        (State::Passive, Event::PeerPassive) => {
            // Two passives would mean cluster would be non-responsive
            println!("E: fatal error - dual passives, aborting");
            return true;
        }
        (State::Passive, Event::ClientRequest) => {
            // Peer becomes active if timeout has passed: it's the client request that triggers the failover
            if now < fsm.peer_expiry {
                return true; // If peer is alive, reject connections
            }
            // If peer is dead, switch to the active state
            println!("I: failover successful, ready active");
            fsm.state = State::Active;
        }
        _ => {}
    }
    false
}

// The main task binds and connects our three sockets: one to publish our state, one to subscribe to the peer's, and one
// for client requests and replies.

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
    let heartbeat = args.speed().of(HEARTBEAT);
    let ctx = ZCtx::new()?;
    let statepub = ctx.socket(Pub)?;
    let statesub = ctx.socket(Sub)?;
    statesub.subscribe("")?;
    let frontend = ctx.socket(Router)?;
    let mut fsm = BStar { state: State::Primary, peer_expiry: Duration::ZERO };

    match (args.is_set("--primary"), args.is_set("--backup")) {
        (true, false) => {
            println!("I: Primary active, waiting for backup (passive)");
            frontend.bind(args.or("--frontend", "tcp://*:5001"))?;
            statepub.bind(args.or("--statepub", "tcp://*:5003"))?;
            statesub.connect(args.or("--statesub", "tcp://localhost:5004"))?;
            fsm.state = State::Primary;
        }
        (false, true) => {
            println!("I: Backup passive, waiting for primary (active)");
            frontend.bind(args.or("--frontend", "tcp://*:5002"))?;
            statepub.bind(args.or("--statepub", "tcp://*:5004"))?;
            statesub.connect(args.or("--statesub", "tcp://localhost:5003"))?;
            fsm.state = State::Backup;
        }
        _ => {
            println!("Usage: bstarsrv {{ -p | -b }}");
            return Ok(());
        }
    }
    // We now process events on our two input sockets, one at a time, through the machine. Our "work" for a client's
    // request is simply to echo it back.

    // Set timer for next outgoing state message
    let mut send_state_at = zclock::mono() + heartbeat;
    while !zsys::interrupted() {
        let mut items = [frontend.poll_item(PollEvents::IN), statesub.poll_item(PollEvents::IN)];
        let time_left = send_state_at.saturating_sub(zclock::mono());
        if poll(&mut items, Some(time_left)).is_err() {
            break; // Context has been shut down
        }
        // The peer's state comes before the client's request, unlike in C: a passive server that was stopped for a
        // while would otherwise find its peer dead, whose messages it has just not read
        if items[1].is_readable() {
            // Have state from our peer, execute as event
            let Ok(message) = ZMsg::recv(&statesub) else { break };
            let state = message.first().filter(|_| message.size() == 1);
            // Anything else but a state is no sign of life
            if let Some(event) = state.and_then(|state| Event::from_message(state.data())) {
                if state_machine(&mut fsm, event, zclock::mono()) {
                    break; // Error, so exit
                }
                fsm.peer_expiry = zclock::mono() + 2 * heartbeat;
            }
        }
        if items[0].is_readable() {
            // Have a client request
            let Ok(msg) = ZMsg::recv(&frontend) else { break };
            if !state_machine(&mut fsm, Event::ClientRequest, zclock::mono()) {
                // Answer client by echoing request back
                msg.send(&frontend)?;
            }
        }
        // If we timed out, send state to peer
        if zclock::mono() >= send_state_at {
            zstr::send(&statepub, fsm.state.message())?;
            send_state_at = zclock::mono() + heartbeat;
        }
    }
    if zsys::interrupted() {
        println!("W: interrupted");
    }
    Ok(())
}
