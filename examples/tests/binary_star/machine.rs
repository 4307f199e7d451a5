//! The state machine as a function: every event in every state.

use std::time::Duration;

use guide::bstar::{
    Event::{self, ClientRequest, PeerActive, PeerBackup, PeerPassive, PeerPrimary},
    Exception,
    State::{self, Active, Backup, Passive, Primary},
};

use crate::bstarsrv;

/// What a machine makes of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is accepted, and this is the state then.
    Is(State),
    /// It is a client's request that is dropped.
    Rejected,
    /// It is the end of the server.
    Fatal,
}

/// One of the two machines: that of bstarsrv, or the reactor's.
pub(crate) type Machine = fn(State, Event, bool) -> Answer;

pub(crate) fn reactor(state: State, event: Event, peer_is_dead: bool) -> Answer {
    match state.execute(event, peer_is_dead) {
        Ok(state) => Answer::Is(state),
        Err(Exception::Rejected) => Answer::Rejected,
        Err(Exception::DualActives | Exception::DualPassives) => Answer::Fatal,
    }
}

pub(crate) fn server(state: State, event: Event, peer_is_dead: bool) -> Answer {
    let now = Duration::from_secs(1000);
    let peer_expiry = if peer_is_dead { now } else { now + Duration::from_nanos(1) };
    let mut fsm = bstarsrv::BStar { state, peer_expiry };
    match (bstarsrv::state_machine(&mut fsm, event, now), event) {
        (false, _) => Answer::Is(fsm.state),
        (true, ClientRequest) => Answer::Rejected,
        (true, _) => Answer::Fatal,
    }
}

const EVENTS: [Event; 4] = [PeerPrimary, PeerBackup, PeerActive, PeerPassive];

/// What follows each of `EVENTS`, then a client's request with the peer alive, and with the peer dead.
type Row = (State, [Answer; 4], Answer, Answer);

#[rustfmt::skip]
const COMMON: [Row; 3] = {
    use Answer::{Fatal, Is, Rejected};
    [
        (Backup, [Is(Backup), Is(Backup), Is(Passive), Is(Backup)], Rejected, Rejected),
        (Active, [Is(Active), Is(Active), Fatal, Is(Active)], Is(Active), Is(Active)),
        (Passive, [Is(Active), Is(Active), Is(Passive), Fatal], Rejected, Is(Active)),
    ]
};
const FROM_PRIMARY: [Answer; 4] =
    [Answer::Is(Primary), Answer::Is(Active), Answer::Is(Passive), Answer::Is(Primary)];

fn check(machine: Machine, rows: &[Row]) {
    assert_eq!(rows.len(), State::ALL.len());
    for (state, from_peer, with_peer, without_peer) in rows {
        for peer_is_dead in [false, true] {
            for (event, expected) in EVENTS.iter().zip(from_peer) {
                let answer = machine(*state, *event, peer_is_dead);
                assert_eq!(answer, *expected, "{state:?}, {event:?}, {peer_is_dead}");
            }
        }
        assert_eq!(machine(*state, ClientRequest, false), *with_peer, "{state:?}, alive");
        assert_eq!(machine(*state, ClientRequest, true), *without_peer, "{state:?}, dead");
    }
}

#[test]
fn every_event_in_every_state_of_the_reactor_leads_where_the_guide_says() {
    let primary = (Primary, FROM_PRIMARY, Answer::Rejected, Answer::Is(Active));
    check(reactor, &[&[primary], &COMMON[..]].concat());
}

/// It serves clients while it waits for its peer, and stays what it is.
#[test]
fn every_event_in_every_state_of_bstarsrv_leads_where_the_guide_says() {
    let primary = (Primary, FROM_PRIMARY, Answer::Is(Primary), Answer::Is(Primary));
    check(server, &[&[primary], &COMMON[..]].concat());
}

#[test]
fn only_a_clients_request_makes_a_passive_server_take_over_from_a_dead_peer() {
    for machine in [reactor as Machine, server] {
        for event in Event::ALL {
            let takes_over = machine(Passive, event, true) == Answer::Is(Active);
            // A peer that says it has started anew is not dead.
            let is_restart = matches!(event, PeerPrimary | PeerBackup);
            assert_eq!(takes_over, event == ClientRequest || is_restart, "{event:?}");
            assert_eq!(machine(Passive, event, false) == Answer::Is(Active), is_restart);
        }
    }
}

#[test]
fn both_active_and_both_passive_are_the_only_fatal_errors() {
    for state in State::ALL {
        for (event, peer_is_dead) in Event::ALL.into_iter().flat_map(|e| [(e, false), (e, true)]) {
            let dual = match (state, event) {
                (Active, PeerActive) => Some(Exception::DualActives),
                (Passive, PeerPassive) => Some(Exception::DualPassives),
                _ => None,
            };
            let fatal = state.execute(event, peer_is_dead).err();
            assert_eq!(fatal.filter(|exception| *exception != Exception::Rejected), dual);
            assert_eq!(server(state, event, peer_is_dead) == Answer::Fatal, dual.is_some());
        }
    }
}

#[test]
fn each_state_goes_to_the_peer_as_the_event_of_its_name() {
    let events = State::ALL.map(|state| Event::from_message(state.message().as_bytes()));
    assert_eq!(events, EVENTS.map(Some));
    for message in ["", "0", "5", "6", "-1", "33", " 3", "3 ", "3\0", "\u{0663}"] {
        assert_eq!(Event::from_message(message.as_bytes()), None, "{message:?}");
    }
}
