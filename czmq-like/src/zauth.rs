//! `ZAuth`, the class that says who may connect to the servers of a context.

mod passwords;
mod policy;

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use zmqx::zap::{Handler, Service};
use zmqx::{Error, Pair, Result, Socket};

use crate::{ZActor, ZCertStore, ZCtx, ZMsg, ZSocket, zsys};

use policy::Policy;

/// What to give [`ZAuth::curve`] in place of a directory, to let any client in.
pub const CURVE_ALLOW_ANY: &str = "*";

/// Says who may connect to the servers of a context, by address, password or certificate: the class `zauth`.
///
/// libzmq asks about each client of a PLAIN, CURVE or GSSAPI server, and about those of a NULL server where that has a
/// [ZAP domain](Socket::set_zap_domain). In this order:
///
/// 1. Where addresses are [allowed](Self::allow), a client with another stays out. Where there are none, but some are
///    [denied](Self::deny), a client with one of these stays out.
/// 2. With NULL, it is in. With PLAIN its name and password have to be in the [file](Self::plain), with CURVE its key
///    in a certificate of the [store](Self::curve). Without a file or a store, nobody is let in. With GSSAPI it is in, as
///    Kerberos knows who it is.
///
/// Each message of a client then has its [user id](crate::ZFrame::meta): its name, its public key's text, or
/// its principal; and of a certificate all metadata that can be a message's.
///
/// It is an actor, and is used as the parent's end of its pipe. So each method here is also a command, as in CZMQ, to
/// which it answers with a signal: 0, or 1 where the command is none.
///
/// ```
/// use czmq_like::prelude::*;
///
/// # if !zmqx::has(zmqx::Capability::Curve) { return Ok(()) }
/// # let folder = tempfile::tempdir()?;
/// # let curve = folder.path().join(".curve");
/// # let curve = curve.to_str().expect("the folder's name is text");
/// let ctx = ZCtx::new()?;
/// let auth = ZAuth::new(&ctx)?;
/// auth.allow(&["127.0.0.1"])?;
/// auth.curve(curve)?; // the directory with the certificates of those who may come
///
/// zstr::sendx(&auth, &["ALLOW", "192.168.1.20"])?; // by hand, as in C
/// ZSocket::wait(&auth)?;
/// # Ok::<(), czmq_like::Error>(())
/// ```
///
/// # While there is none
///
/// **Without a `ZAuth`, libzmq lets in all clients of CURVE and NULL servers.** So make it before the servers bind, and drop it
/// after them; or have the servers let nobody in without one, by
/// [`set_zap_enforce_domain`](Socket::set_zap_enforce_domain). An [interrupt](crate::zsys::interrupted) ends what takes
/// commands; what answers libzmq goes on until the `ZAuth` is dropped, or its context ends. Where it is dropped by a panic,
/// nobody is let in any more.
pub struct ZAuth {
    // Dropped first: it changes what the other answers by.
    actor: ZActor,
    _service: Service,
}

impl ZAuth {
    /// Starts it for the servers of a context, which has one of them at a time. Since libzmq 4.0.
    ///
    /// # Errors
    ///
    /// - [`AddrInUse`](crate::ErrorKind::AddrInUse): the context has one, or another
    ///   [ZAP handler](zmqx::zap).
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): by libzmq before 4.0, which asks nobody.
    /// - Those of [`ZActor::new`].
    #[doc(alias("zauth", "zauth_new"))]
    pub fn new(ctx: &ZCtx) -> Result<Self> {
        Self::start(ctx, Policy::default())
    }

    /// Starts it with a store of certificates.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    #[doc(alias = "zauth")]
    pub fn with_store(ctx: &ZCtx, store: ZCertStore) -> Result<Self> {
        Self::start(ctx, Policy::with_store(store))
    }

    fn start(ctx: &ZCtx, policy: Policy) -> Result<Self> {
        let policy = Arc::new(Mutex::new(policy));
        let commanded = policy.clone();
        let service = Handler::bind(&ctx.underlying()?)?.spawn(move |request| {
            // What a panic has left behind is a policy still: each of its fields is set at once.
            policy.lock().unwrap_or_else(PoisonError::into_inner).decide(request)
        })?;
        let actor = ZActor::new(ctx, move |_, pipe| obey(&pipe, &commanded))?;
        Ok(Self { actor, _service: service })
    }

    /// Allows these addresses, besides those that are, and no others: the command ALLOW.
    ///
    /// Allowed addresses make the [denied](Self::deny) ones meaningless. An address is one as
    /// "127.0.0.1", compared letter for letter.
    ///
    /// # Errors
    ///
    /// Of each command:
    /// - [`Interrupted`](crate::ErrorKind::Interrupted), or [`Disconnected`](crate::ErrorKind::Disconnected) when that
    ///   was before: the program is interrupted, and commands are taken no more.
    /// - [`Terminated`](crate::ErrorKind::Terminated): the context has ended.
    #[doc(alias("zauth_allow", "ALLOW"))]
    pub fn allow(&self, addresses: &[&str]) -> Result<()> {
        self.command("ALLOW", addresses)
    }

    /// Denies these addresses, besides those that are: the command DENY.
    ///
    /// # Errors
    ///
    /// As [`allow`](Self::allow).
    #[doc(alias("zauth_deny", "DENY"))]
    pub fn deny(&self, addresses: &[&str]) -> Result<()> {
        self.command("DENY", addresses)
    }

    /// Lets in PLAIN clients whose name and password are in a file: the command PLAIN.
    ///
    /// A line of the file is `name=password`; one that begins with `#`, or is none, means nothing. The file counts as it is
    /// when a client comes: one that is not there, or cannot be read, knows nobody. To change it while servers run, write
    /// another, and rename that.
    ///
    /// # Errors
    ///
    /// As [`allow`](Self::allow).
    #[doc(alias("zauth_configure_plain", "PLAIN"))]
    pub fn plain(&self, filename: &str) -> Result<()> {
        self.command("PLAIN", &[filename])
    }

    /// Lets in CURVE clients whose certificates are in a directory, as [`ZCertStore::new`] finds them; or with
    /// [`CURVE_ALLOW_ANY`] all: the command CURVE.
    ///
    /// # Errors
    ///
    /// As [`allow`](Self::allow).
    #[doc(alias("zauth_configure_curve", "CURVE"))]
    pub fn curve(&self, location: &str) -> Result<()> {
        self.command("CURVE", &[location])
    }

    /// Does nothing: GSSAPI clients are let in without: the command GSSAPI.
    ///
    /// # Errors
    ///
    /// As [`allow`](Self::allow).
    #[doc(alias("zauth_configure_gssapi", "GSSAPI"))]
    pub fn gssapi(&self) -> Result<()> {
        self.command("GSSAPI", &[])
    }

    /// Has it log what it decides, and why, by [`zsys::info`]: the command VERBOSE.
    ///
    /// The lines are CZMQ's, save that no password is shown.
    ///
    /// # Errors
    ///
    /// As [`allow`](Self::allow).
    #[doc(alias("zauth_set_verbose", "VERBOSE"))]
    pub fn verbose(&self) -> Result<()> {
        self.command("VERBOSE", &[])
    }

    fn command(&self, command: &'static str, arguments: &[&str]) -> Result<()> {
        let mut msg = ZMsg::from([command]);
        arguments.iter().for_each(|argument| msg.addstr(argument));
        msg.send(&self.actor)?;
        match ZSocket::wait(&self.actor)? {
            0 => Ok(()),
            _ => Err(Error::invalid("command ZAuth", command)),
        }
    }
}

impl Deref for ZAuth {
    type Target = Socket<Pair>;

    /// Gives the pipe, for commands by hand.
    fn deref(&self) -> &Socket<Pair> {
        &self.actor
    }
}

impl fmt::Debug for ZAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ZAuth").finish_non_exhaustive()
    }
}

/// The actor: takes commands until "$TERM".
fn obey(pipe: &Socket<Pair>, policy: &Mutex<Policy>) -> Result<()> {
    ZSocket::signal(pipe, 0)?;
    loop {
        let mut msg = ZMsg::recv(pipe)?;
        let command = msg.popstr().unwrap_or_default();
        if command == "$TERM" {
            return Ok(());
        }
        let arguments: Vec<String> = std::iter::from_fn(|| msg.popstr()).collect();
        let mut policy = policy.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known = policy.obey(&command, arguments);
        drop(policy);
        if !is_known {
            zsys::error(format!("zauth: - invalid command: {}", command.escape_debug()));
        }
        ZSocket::signal(pipe, (!is_known).into())?;
    }
}
