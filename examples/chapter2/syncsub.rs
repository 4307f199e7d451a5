//! Synchronized subscriber.

use std::thread::sleep;

use zmqx::{Context, Req, Result, Sub};

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--subscriber", "tcp://localhost:5561"),
        ("--syncclient", "tcp://localhost:5562"),
        ("--settle", "1s"),
    ]);

    let context = Context::new()?;

    // First, connect our subscriber socket
    let subscriber = context.socket(Sub)?;
    subscriber.connect(&args["--subscriber"])?;
    subscriber.subscribe("")?;

    // 0MQ is so fast, we need to wait a while: the C syncpub takes the sync request for the subscription's arrival
    sleep(args.duration("--settle"));

    // Second, synchronize with publisher
    let syncclient = context.socket(Req)?;
    syncclient.connect(&args["--syncclient"])?;

    // Send a synchronization request
    syncclient.send("")?;

    // Wait for synchronization reply
    syncclient.recv()?;

    // Third, get our updates and report how many we got
    let mut update_nbr = 0;
    while subscriber.recv()? != "END" {
        update_nbr += 1;
    }
    println!("Received {update_nbr} updates");
    Ok(())
}
