//! Multithreaded relay.

use std::thread;

use zmqx::{Context, Pair, Result};

fn step1(context: &Context) -> Result<()> {
    // Connect to step2 and tell it we're ready
    let xmitter = context.socket(Pair)?;
    xmitter.connect("inproc://step2")?;
    println!("Step 1 ready, signaling step 2");
    xmitter.send("READY")?;
    Ok(())
}

fn step2(context: Context) -> Result<()> {
    // Bind inproc socket before starting step1
    let receiver = context.socket(Pair)?;
    receiver.bind("inproc://step2")?;
    let child = context.clone();
    thread::spawn(move || step1(&child));

    // Wait for signal and pass it on
    receiver.recv()?;

    // Connect to step3 and tell it we're ready
    let xmitter = context.socket(Pair)?;
    xmitter.connect("inproc://step3")?;
    println!("Step 2 ready, signaling step 3");
    xmitter.send("READY")?;
    Ok(())
}

pub(crate) fn main() -> Result<()> {
    guide::args(&[]);

    let context = Context::new()?;

    // Bind inproc socket before starting step2
    let receiver = context.socket(Pair)?;
    receiver.bind("inproc://step3")?;
    let child = context.clone();
    thread::spawn(move || step2(child));

    // Wait for signal
    receiver.recv()?;

    println!("Test successful!");
    Ok(())
}
