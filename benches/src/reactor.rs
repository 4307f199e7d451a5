//! The workloads of `ZLoop`.

use std::time::Duration;

use czmq_like::prelude::*;
use zmqx::{AsSocket, Error};

/// When timers are due that stay pending.
pub const LONG: Duration = Duration::from_secs(10_000);
/// When those are due that are ended: of libzmq's timers that were cancelled, only the first ones are removed.
pub const SOONER: Duration = Duration::from_secs(5000);

/// A reactor with so many timers that stay pending.
pub fn reactor<'a, S: 'a>(pending: usize) -> ZLoop<'a, S> {
    let mut reactor = ZLoop::new().unwrap();
    reactor.set_max_timers(0);
    for _ in 0..pending {
        reactor.timer(LONG, 1, |_, _, _| ()).unwrap();
    }
    reactor
}

/// Has the reactor send what `input` receives by `output`, which comes round again, as often as its state says.
pub fn echo<'a, B>(reactor: &mut ZLoop<'a, u64>, input: B, output: &'a Socket<impl Sends>)
where
    B: AsSocket<Kind: Receives> + 'a,
{
    reactor
        .reader(input, |_, input, left| {
            ZFrame::recv(input)?.send(output)?;
            *left -= 1;
            Ok::<_, Error>(if *left == 0 { Break(()) } else { Continue(()) })
        })
        .unwrap();
}

/// Has the reactor end a timer by its firing, which adds the next, as often as its state says.
pub fn relay(reactor: &mut ZLoop<'_, u64>) {
    fn next(reactor: &mut ZLoop<'_, u64>) -> zmqx::Result<()> {
        let fired = |reactor: &mut ZLoop<'_, u64>, _, left: &mut u64| {
            *left -= 1;
            if *left == 0 {
                return Ok(Break(()));
            }
            next(reactor).map(Continue)
        };
        reactor.timer(Duration::ZERO, 1, fired).map(drop)
    }
    next(reactor).unwrap();
}
