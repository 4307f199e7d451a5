//! Lazy Pirate server: binds a REP socket to tcp://*:5555. Like hwserver, except that it echoes the request as it is,
//! and randomly runs slowly, or exits to simulate a crash.

use czmq_like::Result;
use czmq_like::prelude::*;
use guide::speed;

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("--bind", "tcp://*:5555"), speed::OPTION]);
    let speed = args.speed();

    let ctx = ZCtx::new()?;
    let server = ctx.socket(Rep)?;
    server.bind(&args["--bind"])?;

    let mut cycles = 0;
    loop {
        let Ok(request) = ZMsg::recv(&server) else { break }; // Interrupted
        cycles += 1;

        // Simulate various problems, after a few cycles
        if cycles > 3 && randof(3) == 0 {
            println!("I: simulating a crash");
            break;
        } else if cycles > 3 && randof(3) == 0 {
            println!("I: simulating CPU overload");
            zclock::sleep(speed.of(Duration::from_secs(2)));
        }
        println!("I: normal request ({})", request.first().map(ZFrame::strdup).unwrap_or_default());
        zclock::sleep(speed.of(Duration::from_secs(1))); // Do some heavy work
        request.send(&server)?;
    }
    Ok(())
}
