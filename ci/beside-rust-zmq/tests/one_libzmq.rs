//! With the feature `zmq-sys`, this crate and rust-zmq's `zmq` share one libzmq, and sockets pass between them.

use zmqx::{Context, ErrorKind, Pull, Push, Req, Socket};

#[test]
fn both_crates_run_over_the_same_libzmq() {
    let ours = zmqx::version();
    assert_eq!(zmq::version(), (ours.major, ours.minor, ours.patch));
}

#[test]
fn a_socket_goes_to_rust_zmq_and_comes_back() -> Result<(), Box<dyn std::error::Error>> {
    let ctx = Context::new()?;
    let (sink, source) = (ctx.socket(Pull)?, ctx.socket(Push)?);
    sink.bind("inproc://shared")?;
    source.connect("inproc://shared")?;

    // SAFETY: the socket is open, and `into_raw` gave it away, so that rust-zmq has it alone.
    let theirs = unsafe { zmq::Socket::from_raw(sink.into_raw()) };
    source.send("to rust-zmq")?;
    assert_eq!(theirs.recv_bytes(0)?, b"to rust-zmq");

    let raw = theirs.into_raw();
    // SAFETY: the socket is of this context and open, and rust-zmq has let go of it.
    let refused = unsafe { Socket::<Req>::from_raw(&ctx, raw) };
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::InvalidInput, "it is a PULL");
    // SAFETY: as above: one that is refused stays open, and ours.
    let sink = unsafe { Socket::<Pull>::from_raw(&ctx, raw) }?;
    source.send("and back")?;
    assert_eq!(sink.recv()?, "and back");

    drop((sink, source));
    ctx.term()?;
    Ok(())
}

#[test]
fn a_socket_of_rust_zmqs_is_used_here() -> Result<(), Box<dyn std::error::Error>> {
    let ctx = Context::new()?;
    let source = ctx.socket(zmqx::SocketKind::Push)?;
    source.bind("inproc://theirs")?;
    // SAFETY: as above. That rust-zmq's context is another does not matter to it.
    let mut theirs = unsafe { zmq::Socket::from_raw(source.into_raw()) };
    let pointer = theirs.as_mut_ptr();
    let sink = ctx.socket(Pull)?;
    sink.connect("inproc://theirs")?;
    theirs.send("Hello", 0)?;
    assert_eq!(sink.recv()?, "Hello");
    assert_eq!(theirs.into_raw(), pointer);
    // SAFETY: rust-zmq has let go of it.
    drop(unsafe { Socket::<Push>::from_raw(&ctx, pointer) }?);
    Ok(())
}
