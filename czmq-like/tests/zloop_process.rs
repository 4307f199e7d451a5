//! A reactor ends as all of CZMQ's loops do: by the interrupt of the process.

use czmq_like::prelude::*;

#[test]
fn the_interrupt_of_the_process_ends_a_loop_with_nothing_in_it() -> czmq_like::Result<()> {
    let _ctx = ZCtx::new()?;
    let mut reactor = ZLoop::new()?;
    let ctrl_c = std::thread::spawn(|| zsys::set_interrupted(true));
    assert_eq!(reactor.start(&mut ())?, LoopEnd::Interrupted);
    assert!(ctrl_c.join().is_ok());
    Ok(())
}
