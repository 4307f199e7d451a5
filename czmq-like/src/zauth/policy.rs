//! Whom to let in, as the commands have said.

use std::collections::HashSet;
use std::fmt::Display;

use zmqx::curve::PublicKey;
use zmqx::zap::{Credentials, Reply, Request};

use super::CURVE_ALLOW_ANY;
use super::passwords::Passwords;
use crate::{ZCert, ZCertStore, zsys};

#[derive(Default)]
pub(super) struct Policy {
    allowed: HashSet<String>,
    denied: HashSet<String>,
    passwords: Option<Passwords>,
    curve: Curve,
    is_verbose: bool,
}

/// Which CURVE clients to let in.
#[derive(Default)]
enum Curve {
    #[default]
    None,
    Any,
    Known(ZCertStore),
}

impl Policy {
    pub(super) fn with_store(store: ZCertStore) -> Self {
        Self { curve: Curve::Known(store), ..Self::default() }
    }

    /// Does as a command says, or tells that it is none.
    pub(super) fn obey(&mut self, command: &str, arguments: Vec<String>) -> bool {
        self.log(|| format!("API command={}", command.escape_debug()));
        match (command, arguments.as_slice()) {
            ("ALLOW", addresses) => {
                for address in addresses {
                    self.log(|| format!("- allowlisting ipaddress={address}"));
                }
                self.allowed.extend(arguments);
            }
            ("DENY", addresses) => {
                for address in addresses {
                    self.log(|| format!("- blocking ipaddress={address}"));
                }
                self.denied.extend(arguments);
            }
            ("PLAIN", [filename, ..]) => {
                let (passwords, loaded) = Passwords::load(filename);
                if loaded.is_err() {
                    self.log(|| format!("could not load file={filename}"));
                }
                self.passwords = Some(passwords);
            }
            ("CURVE", [location, ..]) if location == CURVE_ALLOW_ANY => self.curve = Curve::Any,
            ("CURVE", [location, ..]) => self.curve = Curve::Known(ZCertStore::new(location)),
            ("GSSAPI", _) => {}
            ("VERBOSE", _) => self.is_verbose = true,
            _ => return false,
        }
        true
    }

    /// Answers libzmq's question about a client.
    pub(super) fn decide(&mut self, request: &Request) -> Reply {
        let (mechanism, address) = (request.mechanism(), request.address().escape_debug());
        self.log(|| format!("ZAP request mechanism={mechanism} ipaddress={address}"));
        let reply = self.authenticate(request).unwrap_or_else(|| Reply::deny("No access"));
        let text = if reply.status() == 200 { "OK" } else { "No access" };
        self.log(|| format!("- ZAP reply status_code={} status_text={text}", reply.status()));
        reply
    }

    fn authenticate(&mut self, request: &Request) -> Option<Reply> {
        if !self.passes(request.address()) {
            return None;
        }
        match request.credentials() {
            Credentials::Null => {
                if self.allowed.is_empty() && self.denied.is_empty() {
                    self.log(|| "- allowed (NULL)");
                }
                Some(Reply::accept(""))
            }
            Credentials::Plain { username, password } => self.plain(username, password),
            Credentials::Curve(key) => self.curve(*key),
            Credentials::Gssapi(principal) => {
                self.log(|| format!("- allowed (GSSAPI) principal={}", principal.escape_debug()));
                Some(Reply::accept(principal))
            }
            _ => None,
        }
    }

    /// Whether clients with this address may try.
    fn passes(&self, address: &str) -> bool {
        let (passes, why) = if !self.allowed.is_empty() {
            match self.allowed.contains(address) {
                true => (true, "passed (allowed list)"),
                false => (false, "denied (not in allowed list)"),
            }
        } else if !self.denied.is_empty() {
            match self.denied.contains(address) {
                true => (false, "denied (blocked list)"),
                false => (true, "passed (not in blocked list)"),
            }
        } else {
            return true;
        };
        self.log(|| format!("- {why} address={}", address.escape_debug()));
        passes
    }

    fn plain(&mut self, username: &str, password: &str) -> Option<Reply> {
        let Some(passwords) = &mut self.passwords else {
            self.log(|| "- denied (PLAIN) no password file defined");
            return None;
        };
        let is_right = passwords.are(username, password);
        let word = if is_right { "allowed" } else { "denied" };
        self.log(|| format!("- {word} (PLAIN) username={}", username.escape_debug()));
        is_right.then(|| Reply::accept(username))
    }

    fn curve(&mut self, key: PublicKey) -> Option<Reply> {
        let reply = match &mut self.curve {
            Curve::Any => {
                self.log(|| "- allowed (CURVE allow any client)");
                return Some(Reply::accept(""));
            }
            Curve::Known(store) => store.lookup(key).map(accept),
            Curve::None => None,
        };
        let word = if reply.is_some() { "allowed" } else { "denied" };
        self.log(|| format!("- {word} (CURVE) client_key={key}"));
        reply
    }

    fn log<T: Display>(&self, text: impl FnOnce() -> T) {
        if self.is_verbose {
            zsys::info(format!("zauth: {}", text()));
        }
    }
}

/// Lets the owner of a certificate in, with what is known of it and can be a message's.
fn accept(cert: &ZCert) -> Reply {
    cert.meta_keys().fold(Reply::accept(cert.public_txt()), |reply, name| match cert.meta(name) {
        Some(value) if Reply::takes(name, value) => reply.metadata(name, value),
        _ => reply,
    })
}
