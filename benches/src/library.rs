//! A library that is measured: what of it the workloads call.

use zmqx::{Any, Context, Message, Socket, SocketKind};

/// Sockets and messages, by whichever library.
///
/// All that fails is a panic.
pub trait Library: 'static {
    /// What it is called in the results.
    const NAME: &str;
    /// Its contexts.
    type Context: Send;
    /// Its sockets.
    type Socket: Send;
    /// Its messages, of one frame.
    type Message: Default;

    /// Creates a context that takes 20,000 sockets.
    fn context() -> Self::Context;
    /// Opens a socket.
    fn socket(context: &Self::Context, kind: SocketKind) -> Self::Socket;
    /// Binds, and returns the endpoint to connect to.
    fn bind(socket: &Self::Socket, endpoint: &str) -> String;
    /// Connects.
    fn connect(socket: &Self::Socket, endpoint: &str);
    /// Subscribes to all.
    fn subscribe(socket: &Self::Socket);
    /// Lifts both high-water marks.
    fn set_unlimited(socket: &Self::Socket);
    /// Sends a frame that is copied from the slice.
    fn send(socket: &Self::Socket, frame: &[u8], has_more: bool);
    /// Receives a frame into a message.
    fn recv(socket: &Self::Socket, message: &mut Self::Message);
    /// Returns the bytes of a frame.
    fn len(message: &Self::Message) -> usize;
    /// Returns whether another frame follows.
    fn has_more(message: &Self::Message) -> bool;
    /// Sends a frame that was received, without a copy.
    fn forward(socket: &Self::Socket, message: &mut Self::Message);
}

/// zmqx.
#[derive(Debug)]
pub enum Zmqx {}

impl Library for Zmqx {
    const NAME: &str = "zmqx";
    type Context = Context;
    type Socket = Socket<Any>;
    type Message = Message;

    fn context() -> Context {
        Context::builder().max_sockets(20_000).build().unwrap()
    }

    fn socket(context: &Context, kind: SocketKind) -> Socket<Any> {
        context.socket(kind).unwrap()
    }

    fn bind(socket: &Socket<Any>, endpoint: &str) -> String {
        socket.bind(endpoint).unwrap().to_string()
    }

    fn connect(socket: &Socket<Any>, endpoint: &str) {
        socket.connect(endpoint).unwrap();
    }

    fn subscribe(socket: &Socket<Any>) {
        socket.subscribe("").unwrap();
    }

    fn set_unlimited(socket: &Socket<Any>) {
        socket.set_sndhwm(0).unwrap();
        socket.set_rcvhwm(0).unwrap();
    }

    #[inline(always)]
    fn send(socket: &Socket<Any>, frame: &[u8], has_more: bool) {
        if has_more {
            socket.send_more(frame).unwrap();
        } else {
            socket.send(frame).unwrap();
        }
    }

    #[inline(always)]
    fn recv(socket: &Socket<Any>, message: &mut Message) {
        socket.recv_into(message).unwrap();
    }

    #[inline(always)]
    fn len(message: &Message) -> usize {
        message.len()
    }

    #[inline(always)]
    fn has_more(message: &Message) -> bool {
        message.has_more()
    }

    #[inline(always)]
    fn forward(socket: &Socket<Any>, message: &mut Message) {
        socket.forward(message).unwrap();
    }
}
