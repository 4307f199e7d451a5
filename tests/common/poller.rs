//! What a `Poller` is to tell.

use std::time::Duration;

use zmqx::Poller;

use super::SOON;

/// Asserts that the next one is `key`, which is ready soon.
pub(crate) fn expect(poller: &mut Poller<'_>, key: usize) {
    let ready = poller.wait(Some(SOON)).unwrap().map(|ready| ready.key());
    assert_eq!(ready, Some(key));
}

/// Asserts that nothing is ready; all sockets are then waited for by their descriptors.
pub(crate) fn expect_none(poller: &mut Poller<'_>) {
    assert_eq!(poller.wait(Some(Duration::ZERO)).unwrap(), None);
}
