//! What a fuzz target does with a broker. There only with `--cfg fuzzing`.

use std::collections::HashSet;

use czmq_like::{Result, ZMsg};

use super::Broker;

impl Broker {
    /// Processes a message, as one that was received.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub fn take(&mut self, msg: ZMsg) -> Result<()> {
        self.process(msg)
    }

    /// Sees that what is known of the services is what is known of the workers.
    ///
    /// # Panics
    ///
    /// Where it is not.
    pub fn check(&self) {
        for worker in self.workers.values() {
            assert!(self.services.contains_key(&worker.service), "{worker:?} has no service");
        }
        for (name, service) in &self.services {
            let workers = self.workers.values().filter(|worker| worker.service == *name);
            assert_eq!(service.workers, workers.count(), "of {name:?}");
            let waiting: HashSet<_> = service.waiting.iter().collect();
            assert_eq!(waiting.len(), service.waiting.len(), "one waits twice for {name:?}");
            for id_string in waiting {
                let worker = &self.workers[id_string];
                assert!(worker.service == *name && worker.client.is_none(), "{worker:?} waits");
            }
        }
    }

    /// Forgets all services and workers.
    pub fn forget(&mut self) {
        self.services.clear();
        self.workers.clear();
    }
}
