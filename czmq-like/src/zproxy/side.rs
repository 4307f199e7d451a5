//! A side of a proxy, and what it is to be opened with.

use zmqx::curve::{PublicKey, SecretKey};
use zmqx::{Any, Error, Result, Socket, SocketKind};

use super::agent::COMMAND;
use crate::{ZCtx, ZSocket};

/// A side of a [`ZProxy`](crate::ZProxy).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProxySide {
    /// The one that those who ask, or have news, come to.
    Frontend,
    /// The one of those who answer, or want news.
    Backend,
}

impl ProxySide {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Frontend => "FRONTEND",
            Self::Backend => "BACKEND",
        }
    }

    pub(super) fn named(name: &str) -> Result<Self> {
        let sides = [Self::Frontend, Self::Backend];
        let found = sides.into_iter().find(|side| side.name() == name);
        // It is not shown: it may be a key in the wrong place.
        found.ok_or_else(|| Error::invalid(COMMAND, "the side is neither FRONTEND nor BACKEND"))
    }
}

/// How a server knows its clients.
#[derive(Default)]
enum Mechanism {
    #[default]
    Null,
    Plain,
    Curve(PublicKey, SecretKey),
}

/// A side before it is open, and then while it is not in the loop.
#[derive(Default)]
pub(super) struct Side {
    domain: Option<String>,
    mechanism: Mechanism,
    pub(super) is_open: bool,
    pub(super) socket: Option<Socket<Any>>,
}

impl Side {
    pub(super) fn set_domain(&mut self, domain: &str) -> Result<()> {
        self.check_closed()?;
        self.domain = Some(domain.to_owned());
        Ok(())
    }

    pub(super) fn set_plain(&mut self) -> Result<()> {
        self.check_closed()?;
        self.mechanism = Mechanism::Plain;
        Ok(())
    }

    pub(super) fn set_curve(&mut self, public: &str, secret: &str) -> Result<()> {
        self.check_closed()?;
        self.mechanism = Mechanism::Curve(public.parse()?, secret.parse()?);
        Ok(())
    }

    /// Opens it. What fails leaves it as it was.
    pub(super) fn open(
        &mut self,
        ctx: &ZCtx,
        kind: &str,
        endpoints: &str,
        topics: &[&str],
    ) -> Result<()> {
        self.check_closed()?;
        let named = |known: &SocketKind| known.to_string() == kind;
        let kind = SocketKind::ALL.iter().copied().find(named);
        let kind = kind.ok_or_else(|| Error::invalid(COMMAND, "no such kind of socket"))?;
        if !topics.is_empty() && !matches!(kind, SocketKind::Sub | SocketKind::XSub) {
            return Err(Error::invalid(COMMAND, format!("a {kind} has no subscriptions")));
        }
        let socket = ctx.socket(kind)?;
        if let Some(domain) = &self.domain {
            socket.set_zap_domain(domain)?;
        }
        match &self.mechanism {
            Mechanism::Null => {}
            Mechanism::Plain => socket.set_plain_server(true)?,
            Mechanism::Curve(public, secret) => {
                socket.set_curve_publickey(public)?;
                socket.set_curve_secretkey(secret)?;
                socket.set_curve_server(true)?;
            }
        }
        topics.iter().try_for_each(|topic| socket.subscribe(*topic))?;
        ZSocket::attach(&socket, endpoints, true)?;
        self.is_open = true;
        self.socket = Some(socket);
        Ok(())
    }

    fn check_closed(&self) -> Result<()> {
        if self.is_open {
            Err(Error::bad_state(COMMAND, "the side is open already"))
        } else {
            Ok(())
        }
    }
}
