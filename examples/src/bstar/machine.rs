//! The pair's finite-state machine: states, events, and which state an event leads to. It has no clock and no socket.

/// The states that a server can be in. They go to its peer as the digit that is their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Primary, waiting for its peer.
    Primary = 1,
    /// Backup, waiting for its peer.
    Backup = 2,
    /// Active: it serves the clients.
    Active = 3,
    /// Passive: it does not, and takes over when its peer is gone.
    Passive = 4,
}

/// The events: the states that the peer can be in, and a client's request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// The peer is the primary, waiting.
    PeerPrimary,
    /// The peer is the backup, waiting.
    PeerBackup,
    /// The peer is active.
    PeerActive,
    /// The peer is passive.
    PeerPassive,
    /// A client makes a request.
    ClientRequest,
}

/// Why an event is none that the state allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Exception {
    /// The client's request is not for this server, now. It goes on.
    Rejected,
    /// Both are active: two halves of the clients are served, each by one. It must end.
    DualActives,
    /// Both are passive: no client is served. It must end.
    DualPassives,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Primary, Self::Backup, Self::Active, Self::Passive];

    /// Returns the message that tells the peer of it.
    ///
    /// ```
    /// use guide::bstar::{Event, State};
    ///
    /// assert_eq!(State::Active.message(), "3");
    /// assert_eq!(Event::from_message(b"3"), Some(Event::PeerActive));
    /// ```
    pub fn message(self) -> &'static str {
        match self {
            Self::Primary => "1",
            Self::Backup => "2",
            Self::Active => "3",
            Self::Passive => "4",
        }
    }

    /// Applies an event: gives the state that it leads to, or why the event is none that this state allows.
    ///
    /// `peer_is_dead` says that the peer was silent for two heartbeats. It matters to a client's request alone: only
    /// that has a passive server take over.
    ///
    /// # Errors
    ///
    /// - [`Exception`]: the state stays as it is.
    pub fn execute(self, event: Event, peer_is_dead: bool) -> Result<Self, Exception> {
        match (self, event) {
            // The primary waits for its peer. A client's request makes it active when it has waited long enough to
            // believe that the backup is not: after a failover the backup is, and says so.
            (Self::Primary, Event::PeerBackup) => Ok(Self::Active),
            (Self::Primary, Event::PeerActive) => Ok(Self::Passive),
            (Self::Primary, Event::ClientRequest) if peer_is_dead => Ok(Self::Active),
            (Self::Primary, Event::ClientRequest) => Err(Exception::Rejected),

            // The backup waits for its peer, however long, and rejects clients.
            (Self::Backup, Event::PeerActive) => Ok(Self::Passive),
            (Self::Backup, Event::ClientRequest) => Err(Exception::Rejected),

            // The active one serves clients. The only way out is death.
            (Self::Active, Event::PeerActive) => Err(Exception::DualActives),

            // The passive one becomes active when its peer starts anew, which goes passive then; or by a client's
            // request, when the peer is dead. As long as that is alive, it rejects clients.
            (Self::Passive, Event::PeerPrimary | Event::PeerBackup) => Ok(Self::Active),
            (Self::Passive, Event::PeerPassive) => Err(Exception::DualPassives),
            (Self::Passive, Event::ClientRequest) if peer_is_dead => Ok(Self::Active),
            (Self::Passive, Event::ClientRequest) => Err(Exception::Rejected),

            (state, _) => Ok(state),
        }
    }

    /// Says in the Guide's words what led from this state to another, as [`execute`](Self::execute) has.
    pub fn news(self, event: Event) -> &'static str {
        match (self, event) {
            (Self::Primary, Event::PeerBackup) => {
                "I: connected to backup (passive), ready as active"
            }
            (Self::Primary, Event::PeerActive) => {
                "I: connected to backup (active), ready as passive"
            }
            (Self::Primary, _) => "I: request from client, ready as active",
            (Self::Backup, _) => "I: connected to primary (active), ready as passive",
            (_, Event::PeerPrimary) => "I: primary (passive) is restarting, ready as active",
            (_, Event::PeerBackup) => "I: backup (passive) is restarting, ready as active",
            (_, _) => "I: failover successful, ready as active",
        }
    }
}

impl Event {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::PeerPrimary,
        Self::PeerBackup,
        Self::PeerActive,
        Self::PeerPassive,
        Self::ClientRequest,
    ];

    /// Reads a peer's message; `None` where it is none that a peer sends.
    pub fn from_message(message: &[u8]) -> Option<Self> {
        match message {
            b"1" => Some(Self::PeerPrimary),
            b"2" => Some(Self::PeerBackup),
            b"3" => Some(Self::PeerActive),
            b"4" => Some(Self::PeerPassive),
            _ => None,
        }
    }
}
