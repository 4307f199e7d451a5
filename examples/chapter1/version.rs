//! Reports the ØMQ version: that of the libzmq which runs, not of the header the program was built with.

use zmqx::Result;

pub(crate) fn main() -> Result<()> {
    guide::args(&[]);

    println!("Current ØMQ version is {}", zmqx::version());
    Ok(())
}
