//! The tuples of a node, and how they spread.

use std::time::Instant;

use zmqx::Result;

use super::msg::ZGossipMsg;
use super::node::{Node, Origin, Reactor, frame_of};
use super::tuple::{REST, Tuple, Verdict};
use crate::{ZFrame, zstr};

impl Node {
    /// Takes the tuple of a PUBLISH, and passes it on where it is new.
    pub(super) fn accept(
        &mut self,
        reactor: &mut Reactor,
        msg: ZGossipMsg,
        origin: Origin,
    ) -> Result<()> {
        let frame = frame_of(&msg)?;
        let ZGossipMsg::Publish { key, value, .. } = msg else { return Ok(()) };
        let now = Instant::now();
        let Some(tuple) = self.tuples.get_mut(&key) else {
            return self.spread(reactor, key, value, frame, &origin);
        };
        match tuple.weigh(&value, &origin, now) {
            Verdict::Known => Ok(()),
            Verdict::News => self.spread(reactor, key, value, frame, &origin),
            Verdict::Echo => {
                let current = tuple.frame().dup();
                self.correct(reactor, &origin, current)
            }
            Verdict::Late => {
                tuple.wait(value, frame, origin, now);
                let is_first = self.unsettled.is_empty();
                self.unsettled.insert(key);
                if is_first { look_again(reactor) } else { Ok(()) }
            }
        }
    }

    /// Takes the values that have waited long enough.
    fn settle(&mut self, reactor: &mut Reactor) -> Result<()> {
        let now = Instant::now();
        for key in std::mem::take(&mut self.unsettled) {
            while let Some(due) = self.tuples.get_mut(&key).and_then(|tuple| tuple.take_due(now)) {
                self.spread(reactor, key.clone(), due.value, due.frame, &due.origin)?;
            }
            if self.tuples.get(&key).is_some_and(Tuple::is_unsettled) {
                self.unsettled.insert(key);
            }
        }
        if self.unsettled.is_empty() { Ok(()) } else { look_again(reactor) }
    }

    /// Tells one who is late.
    fn correct(&mut self, reactor: &mut Reactor, origin: &Origin, current: ZFrame) -> Result<()> {
        match origin {
            Origin::Own => {}
            Origin::Client(id) => {
                if !self.tell(id, current)? {
                    self.forget(reactor, id);
                }
            }
            Origin::Remote(endpoint) => {
                if let Some(remote) = self.remotes.get_mut(endpoint) {
                    remote.tell(current)?;
                }
            }
        }
        Ok(())
    }

    /// Has a tuple from now on, and tells it to the program and to all but who has told it.
    fn spread(
        &mut self,
        reactor: &mut Reactor,
        key: String,
        value: String,
        frame: ZFrame,
        origin: &Origin,
    ) -> Result<()> {
        zstr::sendx(&self.pipe, &["DELIVER", &key, &value])?;
        self.tell_clients(reactor, &frame, origin)?;
        for (endpoint, remote) in &mut self.remotes {
            if !matches!(origin, Origin::Remote(server) if server == endpoint) {
                remote.tell(frame.dup())?;
            }
        }
        match self.tuples.get_mut(&key) {
            Some(tuple) => tuple.replace(value, frame, origin, Instant::now()),
            None => {
                self.tuples.insert(key, Tuple::new(value, frame, origin));
            }
        }
        Ok(())
    }

    /// What a new connection is to begin with: HELLO, and all tuples.
    pub(super) fn greeting(&self) -> Result<Vec<ZFrame>> {
        let mut greeting = vec![frame_of(&ZGossipMsg::Hello)?];
        greeting.extend(self.tuples.values().map(|tuple| tuple.frame().dup()));
        Ok(greeting)
    }
}

/// Has the values that wait looked at in a while.
fn look_again(reactor: &mut Reactor) -> Result<()> {
    reactor.timer(REST / 20, 1, |reactor, _, node: &mut Node| node.settle(reactor)).map(drop)
}
