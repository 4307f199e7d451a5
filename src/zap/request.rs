//! `Request`: a client that wants to come in, and what it shows for that.

use std::fmt;

use crate::curve::PublicKey;
use crate::message::Message;
use crate::multipart::Multipart;
use crate::zap::reply::Reply;

/// What a client shows to be let in, by its server's security mechanism.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Credentials {
    /// NULL: nothing.
    Null,
    /// PLAIN: a name and a password.
    Plain {
        /// The name.
        username: String,
        /// The password, which is not in the Debug of this.
        password: String,
    },
    /// CURVE: the public key, of which the client has proved to have the secret one.
    Curve(PublicKey),
    /// GSSAPI: the principal.
    Gssapi(String),
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("Null"),
            Self::Plain { username, .. } => {
                f.debug_struct("Plain").field("username", username).finish_non_exhaustive()
            }
            Self::Curve(key) => f.debug_tuple("Curve").field(key).finish(),
            Self::Gssapi(principal) => f.debug_tuple("Gssapi").field(principal).finish(),
        }
    }
}

/// A client that wants to come in.
///
/// It is answered once, by [`Handler::reply`](crate::zap::Handler::reply).
#[derive(Debug)]
#[must_use = "a client that gets no reply waits"]
pub struct Request {
    pub(super) routing_id: Message,
    pub(super) sequence: Message,
    domain: String,
    address: String,
    identity: Vec<u8>,
    credentials: Credentials,
}

impl Request {
    /// Returns the number by which the server knows the reply; its own.
    pub fn sequence(&self) -> &[u8] {
        &self.sequence
    }

    /// Returns the ZAP domain of the server.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Returns the client's address, as "127.0.0.1"; over ipc it is the server's endpoint, or empty.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Returns the routing id of the server's socket.
    pub fn identity(&self) -> &[u8] {
        &self.identity
    }

    /// Returns what the client shows.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Returns the name of the security mechanism, as "CURVE".
    pub fn mechanism(&self) -> &'static str {
        match self.credentials {
            Credentials::Null => "NULL",
            Credentials::Plain { .. } => "PLAIN",
            Credentials::Curve(_) => "CURVE",
            Credentials::Gssapi(_) => "GSSAPI",
        }
    }

    /// Reads the frames that a ROUTER has received; or gives those of a reply that says what is wrong with them, where
    /// there is somebody to reply to.
    pub(crate) fn from_frames(frames: &mut Multipart) -> Result<Self, Option<Multipart>> {
        let (Some(routing_id), Some(delimiter)) = (frames.pop_front(), frames.pop_front()) else {
            return Err(None);
        };
        if !delimiter.is_empty() {
            return Err(None);
        }
        let version = frames.pop_front().ok_or(None)?;
        let mut request = Self {
            routing_id,
            sequence: frames.pop_front().ok_or(None)?,
            domain: String::new(),
            address: String::new(),
            identity: Vec::new(),
            credentials: Credentials::Null,
        };
        match request.fill(&version, frames) {
            Ok(()) => Ok(request),
            Err(reason) => Err(reason.to_frames(&request).ok()),
        }
    }

    fn fill(&mut self, version: &Message, frames: &[Message]) -> Result<(), Reply> {
        if *version != "1.0" {
            return Err(Reply::internal_error("no version of ZAP but 1.0 is known here"));
        }
        let [domain, address, identity, mechanism, credentials @ ..] = frames else {
            return Err(Reply::internal_error("a request with too few frames"));
        };
        self.domain = text(domain)?;
        self.address = text(address)?;
        self.identity = identity.to_vec();
        self.credentials = match (&**mechanism, credentials) {
            (b"NULL", []) => Credentials::Null,
            (b"PLAIN", [username, password]) => {
                Credentials::Plain { username: text(username)?, password: text(password)? }
            }
            (b"CURVE", [key]) => {
                let key = PublicKey::try_from(&**key);
                Credentials::Curve(key.map_err(|_| Reply::deny("a key is 32 bytes"))?)
            }
            (b"GSSAPI", [principal]) => Credentials::Gssapi(text(principal)?),
            _ => return Err(Reply::deny("no mechanism with such credentials is known here")),
        };
        Ok(())
    }
}

fn text(frame: &Message) -> Result<String, Reply> {
    let text = frame.as_str().map_err(|_| Reply::deny("a text that is not UTF-8"))?;
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
    use proptest::strategy::Strategy;

    use super::*;

    fn read(frames: &[&[u8]]) -> Result<Request, Option<Multipart>> {
        Request::from_frames(&mut frames.iter().map(|frame| Message::from(*frame)).collect())
    }

    fn status(frames: &[&[u8]]) -> String {
        let reply = read(frames).unwrap_err().expect("a reply");
        assert_eq!(reply[0], frames[0], "to whom it came from");
        assert_eq!(reply[3], frames[3], "to what it is about");
        reply[4].to_string_lossy().into_owned()
    }

    const HEAD: [&[u8]; 4] = [b"client", b"", b"1.0", b"7"];
    const BODY: [&[u8]; 3] = [b"domain", b"127.0.0.1", b"server"];

    fn with(mechanism: &[&'static [u8]]) -> Vec<&'static [u8]> {
        [&HEAD[..], &BODY[..], mechanism].concat()
    }

    #[test]
    fn a_request_is_read() {
        let request = read(&with(&[b"PLAIN", b"alice", b"secret"])).unwrap();
        assert_eq!(request.sequence(), b"7");
        assert_eq!(request.domain(), "domain");
        assert_eq!(request.address(), "127.0.0.1");
        assert_eq!(request.identity(), b"server");
        assert_eq!(request.mechanism(), "PLAIN");
        let (username, password) = ("alice".to_owned(), "secret".to_owned());
        assert_eq!(request.credentials(), &Credentials::Plain { username, password });
        assert!(!format!("{request:?}").contains("secret"));
        assert_eq!(read(&with(&[b"NULL"])).unwrap().credentials(), &Credentials::Null);
        let curve = read(&with(&[b"CURVE", &[7; 32]])).unwrap();
        assert_eq!(curve.credentials(), &Credentials::Curve(PublicKey::from([7; 32])));
        let gssapi = read(&with(&[b"GSSAPI", b"alice@EXAMPLE"])).unwrap();
        assert_eq!(gssapi.credentials(), &Credentials::Gssapi("alice@EXAMPLE".to_owned()));
    }

    #[test]
    fn what_is_no_request_is_refused() {
        assert_eq!(status(&with(&[b"CURVE", &[7; 31]])), "400");
        assert_eq!(status(&with(&[b"CURVE", &[7; 33]])), "400");
        assert_eq!(status(&with(&[b"CURVE"])), "400");
        assert_eq!(status(&with(&[b"PLAIN", b"alice"])), "400");
        assert_eq!(status(&with(&[b"PLAIN", b"alice", b"secret", b"more"])), "400");
        assert_eq!(status(&with(&[b"PLAIN", b"\xFF", b"secret"])), "400");
        assert_eq!(status(&with(&[b"NULL", b"something"])), "400");
        assert_eq!(status(&with(&[b"RUBBISH"])), "400");
        assert_eq!(status(&with(&[])), "500");
        assert_eq!(status(&HEAD), "500");
        assert_eq!(status(&[b"client", b"", b"2.0", b"7"]), "500");
    }

    #[test]
    fn what_cannot_be_answered_is_not() {
        for frames in
            [&[][..], &HEAD[..1], &HEAD[..2], &HEAD[..3], &[b"client", b"x", b"1.0", b"7"]]
        {
            assert!(matches!(read(frames), Err(None)), "{frames:?}");
        }
    }

    proptest! {
        #[test]
        fn any_frames_are_a_request_a_refusal_or_nothing(frames in hostile()) {
            let all: Multipart = frames.iter().map(Message::from).collect();
            match Request::from_frames(&mut all.clone()) {
                Ok(request) => {
                    prop_assert!((8..=10).contains(&frames.len()));
                    prop_assert_eq!(request.mechanism().as_bytes(), &frames[7]);
                }
                Err(Some(reply)) => {
                    prop_assert_eq!(reply.len(), 8);
                    prop_assert!(reply[4] == "400" || reply[4] == "500");
                }
                Err(None) => prop_assert!(frames.len() < 4 || !frames[1].is_empty()),
            }
        }
    }

    /// Frames that go astray at any place.
    fn hostile() -> impl Strategy<Value = Vec<Vec<u8>>> {
        let tail = any::<Vec<Vec<u8>>>();
        let mechanism = proptest::sample::select(vec!["NULL", "PLAIN", "CURVE", "GSSAPI", ""]);
        (tail, mechanism, 0..9_usize).prop_map(|(tail, mechanism, keep)| {
            let mut frames: Vec<Vec<u8>> = with(&[]).iter().map(|frame| frame.to_vec()).collect();
            frames.push(mechanism.into());
            frames.truncate(keep);
            frames.extend(tail);
            frames
        })
    }
}
