//! A library that is measured: what of it the workloads call.

use std::time::Duration;

use bytes::Bytes;
use zmqx::{Any, Context, ErrorKind, Message, PollEvents, PollItem, Socket, SocketKind, poll};

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
    /// A buffer that messages share.
    type Buffer;
    /// What waits until something can be received from one of several sockets.
    type Items<'a>;

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
    /// Makes a message of a copy of the slice.
    fn copy(bytes: &[u8]) -> Self::Message;
    /// Makes a message of bytes that stay for ever, without a copy.
    fn fixed(bytes: &'static [u8]) -> Self::Message;
    /// Makes a message of a buffer that is allocated for it, without a copy.
    fn given(size: usize) -> Self::Message;
    /// Allocates a buffer that messages share.
    fn buffer(size: usize) -> Self::Buffer;
    /// Makes a message of a share of the buffer, without a copy.
    fn share(buffer: &Self::Buffer) -> Self::Message;
    /// Sends a message.
    fn send_message(socket: &Self::Socket, message: Self::Message);
    /// Sends a frame that is copied from the slice.
    fn send(socket: &Self::Socket, frame: &[u8], has_more: bool);
    /// Receives a frame into a message.
    fn recv(socket: &Self::Socket, message: &mut Self::Message);
    /// Receives a frame into a message where one is there, and returns whether it was.
    fn try_recv(socket: &Self::Socket, message: &mut Self::Message) -> bool;
    /// Returns the bytes of a frame.
    fn len(message: &Self::Message) -> usize;
    /// Sends a frame that was received, without a copy, and returns whether another follows.
    fn forward(socket: &Self::Socket, message: &mut Self::Message) -> bool;
    /// Makes what waits for the sockets.
    fn items(sockets: &[Self::Socket]) -> Self::Items<'_>;
    /// Waits until something can be received, and returns the place of the first socket of which that is so.
    fn poll(items: &mut Self::Items<'_>) -> usize;
    /// Tells, without waiting, whether anything can be received.
    fn is_any_ready(items: &mut Self::Items<'_>) -> bool;
}

/// zmqx.
#[derive(Debug)]
pub enum Zmqx {}

impl Library for Zmqx {
    const NAME: &str = "zmqx";
    type Context = Context;
    type Socket = Socket<Any>;
    type Message = Message;
    type Buffer = Bytes;
    type Items<'a> = Vec<PollItem<'a>>;

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
    fn copy(bytes: &[u8]) -> Message {
        bytes.into()
    }

    #[inline(always)]
    fn fixed(bytes: &'static [u8]) -> Message {
        Message::from_static(bytes)
    }

    #[inline(always)]
    fn given(size: usize) -> Message {
        vec![0; size].into()
    }

    fn buffer(size: usize) -> Bytes {
        vec![0; size].into()
    }

    #[inline(always)]
    fn share(buffer: &Bytes) -> Message {
        Message::from_owner(buffer.clone())
    }

    #[inline(always)]
    fn send_message(socket: &Socket<Any>, message: Message) {
        socket.send(message).unwrap();
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
    fn try_recv(socket: &Socket<Any>, message: &mut Message) -> bool {
        match socket.try_recv_into(message) {
            Ok(()) => true,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::WouldBlock);
                false
            }
        }
    }

    #[inline(always)]
    fn len(message: &Message) -> usize {
        message.len()
    }

    #[inline(always)]
    fn forward(socket: &Socket<Any>, message: &mut Message) -> bool {
        socket.forward(message).unwrap()
    }

    fn items(sockets: &[Socket<Any>]) -> Vec<PollItem<'_>> {
        sockets.iter().map(|socket| socket.poll_item(PollEvents::IN)).collect()
    }

    #[inline(always)]
    fn poll(items: &mut Vec<PollItem<'_>>) -> usize {
        poll(items, None).unwrap();
        items.iter().position(PollItem::is_readable).unwrap()
    }

    #[inline(always)]
    fn is_any_ready(items: &mut Vec<PollItem<'_>>) -> bool {
        poll(items, Some(Duration::ZERO)).unwrap() > 0
    }
}
