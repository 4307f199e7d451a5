//! `ZSock`, what the class of sockets has since CZMQ 3: attach strings, and pictures.

mod attach;
mod binary;
mod element;
mod frames;
mod values;

use zmqx::{Error, Kind, Open, Receives, Result, SendError, Sends, Socket};

use crate::{ZCtx, ZMsg, ZSocket};
use attach::serverish;
use element::Element;

pub use values::{FromPicture, IntoPicture, PictureElement, PictureValue, RecvError};

/// CZMQ 3's name of the class of sockets, `zsock`: it is [`ZSocket`], with attach strings and pictures.
///
/// In C a `zsock_t` is another thing than the `void *` of a `zsocket`. Here either is a [`Socket`] with its kind in the
/// type, which [`ZLoop`](crate::ZLoop), [`ZPoller`](crate::ZPoller), [`poll`](zmqx::poll()) and all else take; so that
/// both classes are one, and what the compiler says of a receive on a PUB it says of these as well.
///
/// ```
/// use czmq_like::prelude::*;
///
/// let ctx = ZCtx::new()?;
/// let writer = ZSock::new_push(&ctx, "@inproc://zsock")?;
/// let reader = ZSock::new_pull(&ctx, ">inproc://zsock")?;
///
/// ZSock::send(&writer, "i8zs", (-1, 10_000_000_000_u64, "text"))?;
/// let (small, large, text): (i32, u64, String) = ZSock::recv(&reader, "i8zs")?;
/// assert_eq!((small, large, text.as_str()), (-1, 10_000_000_000, "text"));
/// # Ok::<(), czmq_like::Error>(())
/// ```
///
/// ```compile_fail,E0277
/// # use czmq_like::prelude::*;
/// # let ctx = ZCtx::new()?;
/// let publisher = ZSock::new_pub(&ctx, "@inproc://updates")?;
/// let (text,): (String,) = ZSock::recv(&publisher, "s")?; // a PUB does not receive
/// # Ok::<(), czmq_like::Error>(())
/// ```
///
/// # Attach strings
///
/// A list of endpoints with commas between, as `"@tcp://*:5555,>inproc://other"`: what has `@` before it is
/// [bound](ZSocket::bind), with CZMQ's ways of choosing a port, and what has `>` is connected. Without either it is as
/// the constructor says. An empty list is fine.
///
/// # Pictures
///
/// A picture is a string that has a character for each element of a message. The values are a tuple, or a `Vec` of
/// [`PictureValue`]; a `z` has none. Their types have to be those of the picture, which is looked at before anything is
/// sent or received.
///
/// | character | [`send`](Self::send), [`recv`](Self::recv): frames of | [`bsend`](Self::bsend), [`brecv`](Self::brecv) | type in Rust |
/// |---|---|---|---|
/// | `i` | digits, with a sign | | `i32` |
/// | `1` `2` `4` `8` | digits | so many bytes, the highest first | `u8`, `u16`, `u32`, `u64` |
/// | `u` | digits | 16 bytes | `u32`; `[u8; 16]` |
/// | `s` | the text | the length in one byte, and the text | `String`, and `&str` to be sent |
/// | `S` | | the length in four bytes, and the text | the same |
/// | `b` | the bytes | | `Vec<u8>`, [`ZFrame`](crate::ZFrame), and `&[u8]` to be sent |
/// | `c` | the bytes | the length in four bytes, and the bytes | the same |
/// | `f` | the bytes | a frame of its own, behind | the same |
/// | `h` | a packed dictionary | | `HashMap<String, String>` |
/// | `U` | 16 bytes | | `[u8; 16]`, as of the crate `uuid` |
/// | `m` | all frames that are left | the same; only as the last one | [`ZMsg`] |
/// | `p` | a `usize` as it is in memory | the same | `usize` |
/// | `z` | an empty frame | | none |
///
/// The messages are CZMQ's, so that either end may be C's. Its `p` is a pointer, which safe Rust has no use for; what
/// is to be handed to another thread goes by a channel, or in a message
/// [without a copy](zmqx::Message::from_owner).
///
/// # What differs
///
/// - What does not fit the picture is an error, with the message in it: a number that is none, a frame too many or too
///   few. C takes zeros for all these, cuts numbers short, and for `p`, `h` and `brecv` reads beyond the end.
/// - C gives NULL for frames that are missing; so does a value of `Option`'s type, which is then `None`.
/// - Text of over 255 bytes for the `s` of `bsend` is an error. C sends what no peer can read.
/// - An unknown character is an error, and not the program's end.
pub type ZSock = ZSocket;

macro_rules! constructors {
    ($($name:ident $c_name:literal $kind:ident $ways:literal;)+) => {
        impl ZSocket {
            $(
                #[doc = concat!("Opens a ", $ways, " to what the [attach string](ZSock#attach-strings) has without a sign.")]
                ///
                /// # Errors
                ///
                /// As [`ZCtx::socket`] and [`attach`](Self::attach).
                #[doc(alias = $c_name)]
                pub fn $name(ctx: &ZCtx, endpoints: impl AsRef<str>) -> Result<Socket<zmqx::$kind>> {
                    open(ctx, zmqx::$kind, endpoints.as_ref())
                }
            )+
        }
    };
}

constructors! {
    new_pub "zsock_new_pub" Pub "PUB socket, which binds";
    new_req "zsock_new_req" Req "REQ socket, which connects";
    new_rep "zsock_new_rep" Rep "REP socket, which binds";
    new_dealer "zsock_new_dealer" Dealer "DEALER socket, which connects";
    new_router "zsock_new_router" Router "ROUTER socket, which binds";
    new_push "zsock_new_push" Push "PUSH socket, which connects";
    new_pull "zsock_new_pull" Pull "PULL socket, which binds";
    new_xpub "zsock_new_xpub" XPub "XPUB socket, which binds";
    new_xsub "zsock_new_xsub" XSub "XSUB socket, which connects";
    new_pair "zsock_new_pair" Pair "PAIR socket, which connects";
    new_stream "zsock_new_stream" Stream "STREAM socket, which connects";
}

fn open<O: Open>(ctx: &ZCtx, kind: O, endpoints: &str) -> Result<Socket<O::Kind>> {
    let socket = ctx.socket(kind)?;
    attach::attach(&socket, endpoints, serverish(socket.kind()))?;
    Ok(socket)
}

impl ZSocket {
    /// Opens a SUB socket, which connects to what the [attach string](ZSock#attach-strings) has without a sign, and
    /// subscribes; `None` leaves the subscriptions to the program, and `Some("")` is one to everything.
    ///
    /// # Errors
    ///
    /// As [`ZCtx::socket`] and [`attach`](Self::attach).
    #[doc(alias = "zsock_new_sub")]
    pub fn new_sub(
        ctx: &ZCtx,
        endpoints: impl AsRef<str>,
        subscribe: Option<&str>,
    ) -> Result<Socket<zmqx::Sub>> {
        let socket = open(ctx, zmqx::Sub, endpoints.as_ref())?;
        if let Some(prefix) = subscribe {
            socket.subscribe(prefix)?;
        }
        Ok(socket)
    }

    /// Binds and connects a socket to the endpoints of an [attach string](ZSock#attach-strings). Those without a sign it
    /// binds to if it is `serverish`, and else connects to.
    ///
    /// # Errors
    ///
    /// As [`bind`](Self::bind) and [`Socket::connect`]. The endpoints before the one that is wrong stay attached; of a
    /// list with an empty endpoint in it, none is.
    #[doc(alias = "zsock_attach")]
    pub fn attach<K: Kind>(
        socket: &Socket<K>,
        endpoints: impl AsRef<str>,
        serverish: bool,
    ) -> Result<()> {
        attach::attach(socket, endpoints.as_ref(), serverish)
    }

    /// Returns the endpoint that the socket was bound or connected to last, with the port that was chosen.
    ///
    /// # Errors
    ///
    /// As [`Socket::last_endpoint`].
    #[doc(alias = "zsock_endpoint")]
    pub fn endpoint<K: Kind>(socket: &Socket<K>) -> Result<String> {
        socket.last_endpoint()
    }

    /// Has the socket's queues grow without a limit: for those who know that the messages fit into memory.
    ///
    /// # Errors
    ///
    /// As [`set_hwm`](Self::set_hwm).
    #[doc(alias = "zsock_set_unbounded")]
    pub fn set_unbounded<K: Kind>(socket: &Socket<K>) -> Result<()> {
        Self::set_hwm(socket, 0)
    }

    /// Drops the rest of a message of which only some frames were received.
    ///
    /// # Errors
    ///
    /// As [`Socket::recv`].
    #[doc(alias = "zsock_flush")]
    pub fn flush<K: Receives>(socket: &Socket<K>) -> Result<()> {
        if socket.rcvmore()? {
            ZMsg::recv(socket)?;
        }
        Ok(())
    }

    /// Sends a message that is made by a [picture](ZSock#pictures), each element of it a frame.
    ///
    /// ```
    /// use czmq_like::prelude::*;
    ///
    /// let ctx = ZCtx::new()?;
    /// let (output, input) = ctx.underlying()?.pipe()?;
    /// let config = HashMap::from([("verbose".to_owned(), "1".to_owned())]);
    /// ZSock::send(&output, "s4bhm", ("START", 7_u32, &[1, 2, 3], &config, ZMsg::from(["a", "b"])))?;
    ///
    /// let msg = ZMsg::recv(&input)?;
    /// assert_eq!(msg.size(), 6);
    /// assert_eq!((&msg[0], &msg[1]), (&"START".into(), &"7".into()));
    /// # Ok::<(), czmq_like::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Socket::send_multipart`], with the message in the [`SendError`]; and with one of no frames:
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): the picture has a character that is none, or others than the
    ///   values; or a dictionary has a key of over 255 bytes.
    #[doc(alias("zsock_send", "zsock_vsend"))]
    pub fn send<K: Sends>(
        socket: &Socket<K>,
        picture: &str,
        values: impl IntoPicture,
    ) -> Result<(), SendError<ZMsg>> {
        let made = Element::of_frames(picture, SEND)
            .and_then(|elements| frames::encode(&elements, values.into_values()));
        send(socket, made)
    }

    /// Receives a message of the frames that a [picture](ZSock#pictures) says.
    ///
    /// ```
    /// use czmq_like::prelude::*;
    ///
    /// let ctx = ZCtx::new()?;
    /// let (output, input) = ctx.underlying()?.pipe()?;
    /// zstr::sendx(&output, &["price", "42", "more", "of it"])?;
    /// let (name, price, rest): (String, u16, ZMsg) = ZSock::recv(&input, "s2m")?;
    /// assert_eq!((name.as_str(), price, rest.size()), ("price", 42, 2));
    ///
    /// // A short message, and one that is no price: it is not lost.
    /// zstr::send(&output, "stop")?;
    /// zstr::sendx(&output, &["price", "a lot"])?;
    /// let (name, price): (String, Option<u16>) = ZSock::recv(&input, "s2")?;
    /// assert_eq!((name.as_str(), price), ("stop", None));
    /// let failed = ZSock::recv::<(String, u16), _>(&input, "s2").unwrap_err();
    /// assert_eq!(failed.message, ["price", "a lot"]);
    /// # Ok::<(), czmq_like::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Socket::recv`], and:
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): the message, which is in the [`RecvError`], does not fit the
    ///   picture, or is a [signal](Self::signal). Or the picture has a character that is none, an `m` before the end, or
    ///   others than the type: then nothing was received.
    #[doc(alias("zsock_recv", "zsock_vrecv"))]
    pub fn recv<T: FromPicture, K: Receives>(
        socket: &Socket<K>,
        picture: &str,
    ) -> Result<T, RecvError> {
        let elements = Element::of_frames(picture, RECEIVE)?;
        T::check(&elements)?;
        let mut msg = ZMsg::recv(socket)?;
        values::collect(frames::decode(&elements, &mut msg), msg)
    }

    /// Sends a message that is made by a [picture](ZSock#pictures) in the binary form, which is that of zproto's
    /// messages: one frame of all elements but `f` and `m`, whose frames come behind.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send), and:
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): the text of an `s` has more than 255 bytes, that of an `S` or the
    ///   bytes of a `c` 4 GiB or more, or `m` is not the last.
    #[doc(alias = "zsock_bsend")]
    pub fn bsend<K: Sends>(
        socket: &Socket<K>,
        picture: &str,
        values: impl IntoPicture,
    ) -> Result<(), SendError<ZMsg>> {
        let made = Element::of_binary(picture, SEND)
            .and_then(|elements| binary::encode(&elements, values.into_values()));
        send(socket, made)
    }

    /// Receives a message of the binary form that a [picture](ZSock#pictures) says.
    ///
    /// ```
    /// use czmq_like::prelude::*;
    ///
    /// let ctx = ZCtx::new()?;
    /// let (output, input) = ctx.underlying()?.pipe()?;
    /// ZSock::bsend(&output, "12s", (1_u8, 0xABCD_u16, "Hi"))?;
    /// assert_eq!(ZFrame::recv(&input)?, [1, 0xAB, 0xCD, 2, b'H', b'i']);
    ///
    /// ZSock::bsend(&output, "12s", (1_u8, 0xABCD_u16, "Hi"))?;
    /// let (version, sequence, text): (u8, u16, String) = ZSock::brecv(&input, "12s")?;
    /// assert_eq!((version, sequence, text.as_str()), (1, 0xABCD, "Hi"));
    /// # Ok::<(), czmq_like::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv). A message fits when it has all that the picture says, and no more; but the frames of an `m`
    /// may be none.
    #[doc(alias = "zsock_brecv")]
    pub fn brecv<T: FromPicture, K: Receives>(
        socket: &Socket<K>,
        picture: &str,
    ) -> Result<T, RecvError> {
        let elements = Element::of_binary(picture, RECEIVE)?;
        T::check(&elements)?;
        let mut msg = ZMsg::recv(socket)?;
        values::collect(binary::decode(&elements, &mut msg), msg)
    }
}

const SEND: &str = "send picture";
const RECEIVE: &str = "receive picture";

fn send<K: Sends>(socket: &Socket<K>, made: Result<ZMsg>) -> Result<(), SendError<ZMsg>> {
    made.map_err(|error| SendError { error, message: ZMsg::new() })?.send(socket)
}

/// The error of a message that does not fit the picture.
fn misfit(reason: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::invalid(RECEIVE, reason)
}
