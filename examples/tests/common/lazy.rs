//! A client that asks again over a new socket, as the Lazy Pirate does, for tests to ask with.

use std::time::Duration;

use zmqx::{Context, Multipart, Req, Result, Socket};

/// A client of one endpoint.
#[derive(Debug)]
pub(crate) struct Lazy {
    context: Context,
    endpoint: String,
    timeout: Duration,
    socket: Socket<Req>,
}

impl Lazy {
    /// Connects to the endpoint. An answer is waited for as long as `timeout`, each time.
    pub(crate) fn connect(endpoint: &str, timeout: Duration) -> Result<Self> {
        let context = Context::builder().linger(Some(Duration::ZERO)).build()?;
        let socket = Self::socket(&context, endpoint)?;
        Ok(Self { context, endpoint: endpoint.to_owned(), timeout, socket })
    }

    fn socket(context: &Context, endpoint: &str) -> Result<Socket<Req>> {
        let socket = context.socket(Req)?;
        socket.connect(endpoint)?;
        Ok(socket)
    }

    /// Asks so many times, and gives the first answer; `None` where there is none.
    pub(crate) fn ask(&mut self, request: &[&str], times: usize) -> Result<Option<Multipart>> {
        for _ in 0..times {
            self.socket.send_multipart(request.to_vec())?;
            self.socket.set_rcvtimeo(Some(self.timeout))?;
            if let Ok(reply) = self.socket.recv_multipart() {
                return Ok(Some(reply));
            }
            self.socket = Self::socket(&self.context, &self.endpoint)?;
        }
        Ok(None)
    }

    /// Asks one who echoes: whether the answer came. One that is not the request fails the test.
    pub(crate) fn echoes(&mut self, request: &str, times: usize) -> bool {
        let reply = self.ask(&[request], times).expect("a REQ that was answered, or is new, asks");
        if let Some(reply) = &reply {
            assert!(matches!(&reply[..], [text] if text == request), "{request}: {reply:?}");
        }
        reply.is_some()
    }
}
