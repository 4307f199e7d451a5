//! Certificates, stores, password files and authenticators go to and fro between this crate and CZMQ 4, by a C program that is
//! compiled against the system's libczmq. Without one the tests say that they skip; with `CI` set they fail.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Command, Stdio};
use std::sync::OnceLock;

use czmq_like::prelude::*;
use zmqx::{Context, EventKind, MonitorEvents};

use common::peer::{Running, compiled};
use common::{SOON, curve_or_skip, or_skip, runs_with, within};

/// The C program, compiled; `None` where there is no libczmq, or no CURVE here.
fn peer() -> Option<&'static Path> {
    static PEER: OnceLock<Option<PathBuf>> = OnceLock::new();
    PEER.get_or_init(|| compiled("security")).as_deref().filter(|_| curve_or_skip())
}

/// What the C program prints.
fn run(task: &str, arguments: &[&str]) -> Vec<String> {
    let output = Command::new(peer().unwrap()).arg(task).args(arguments).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// Runs `test` with a folder, where there is a peer.
fn with_folder(test: impl FnOnce(&Path) + Send + 'static) {
    if peer().is_some() {
        within(|| test(tempfile::tempdir().unwrap().path()));
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

const NAMES: [&str; 3] = ["email", "name", "version"];
const VALUES: [&str; 3] = ["ph@imatix.com", "Pieter \u{d8} Hintjens # 'CEO'", "1"];

#[test]
fn certificates_that_czmq_saved_are_loaded() {
    with_folder(|folder| {
        let filename = folder.join("mycert.txt");
        let mut arguments = vec![text(&filename)];
        NAMES.iter().zip(VALUES).for_each(|(name, value)| arguments.extend([*name, value]));
        let keys = run("make", &arguments);
        let cert = ZCert::load(&filename).unwrap();
        assert_eq!([cert.public_txt(), cert.secret_txt().unwrap()], keys[..]);
        assert_eq!(NAMES.map(|name| cert.meta(name).unwrap()), VALUES);
        assert_eq!(cert.meta_keys().count(), 3);

        fs::remove_file(folder.join("mycert.txt_secret")).unwrap();
        let public = ZCert::load(&filename).unwrap();
        assert_eq!((public.public_txt(), public.secret_key()), (keys[0].clone(), None));
        // One that CZMQ has loaded without its secret key, and saved, has one of zeros.
        let zeros = "0".repeat(40);
        assert_eq!(run("load", &[text(&filename)]), [keys[0].clone(), zeros]);
    });
}

#[test]
fn certificates_are_loaded_by_czmq() {
    with_folder(|folder| {
        let filename = folder.join("mycert.txt");
        let mut cert = ZCert::new().unwrap();
        NAMES.iter().zip(VALUES).for_each(|(name, value)| cert.set_meta(*name, value));
        cert.set_meta("quoted", "\"so\"");
        cert.save(&filename).unwrap();
        let load = || run("load", &[&[text(&filename)], &NAMES[..], &["quoted"]].concat());
        let printed = |secret| {
            [&[cert.public_txt(), secret], &VALUES.map(str::to_owned)[..], &["\"so\"".to_owned()]]
                .concat()
        };
        assert_eq!(load(), printed(cert.secret_txt().unwrap()));
        fs::remove_file(folder.join("mycert.txt_secret")).unwrap();
        assert_eq!(load(), printed("0".repeat(40)));
    });
}

#[test]
fn stores_find_each_others_certificates() {
    with_folder(|folder| {
        fs::create_dir(folder.join("below")).unwrap();
        let czmqs = run("make", &[text(&folder.join("czmqs.txt")), "name", "by CZMQ"]);
        let mut own = ZCert::new().unwrap();
        own.set_meta("name", "by czmq-like");
        own.save(folder.join("below/own.txt")).unwrap();
        let stranger = ZCert::new().unwrap().public_txt();
        let keys = [czmqs[0].clone(), own.public_txt(), stranger];
        let by_czmq = run("lookup", &[text(folder), &keys[0], &keys[1], &keys[2]]);
        assert_eq!(by_czmq, ["by CZMQ", "by czmq-like", "(unknown)"]);
        let mut store = ZCertStore::new(folder);
        let names = keys.map(|key| {
            let cert = store.lookup(key.parse().unwrap());
            cert.map_or("(unknown)", |cert| cert.meta("name").unwrap()).to_owned()
        });
        assert_eq!(names[..], by_czmq[..]);
    });
}

#[test]
fn trees_are_read_and_written_as_czmq_does() {
    with_folder(|folder| {
        let (filename, theirs) = (folder.join("tree.cfg"), folder.join("theirs.cfg"));
        for (text_, is_zpl) in [
            (
                "# comment\na\n    b = 1 # more\n    c = \"x # y\"\n    c = 'it is \"so\"'\nd =\ne/f = $ g\n",
                true,
            ),
            ("a = 1\r\n    b = 2\r\n\n   \n        c = 3", true),
            ("a\n  b = 1", false),
            ("a\n        b = 1", false),
            ("a = \"1", false),
            ("a = '1' 2", false),
            ("a: 1", false),
            ("\ta = 1", false),
            ("/a = 1", false),
            ("  # comment", false),
        ] {
            fs::write(&filename, text_).unwrap();
            let printed = run("rewrite", &[text(&filename), text(&theirs)]);
            let read = ZConfig::load(&filename);
            assert_eq!(
                (read.is_ok(), !printed.contains(&"(refused)".to_owned())),
                (is_zpl, is_zpl),
                "{text_:?}"
            );
            if let Ok(root) = read {
                let by_czmq = ZConfig::load(&theirs);
                // CZMQ puts a value with quotes in it into the same quotes.
                if !text_.contains("\"so\"") {
                    assert_eq!(by_czmq.unwrap().str_save().unwrap(), with_values(&root));
                }
                root.save(&filename).unwrap();
                let printed = run("rewrite", &[text(&filename), text(&theirs)]);
                assert!(printed.is_empty(), "{text_:?}");
            }
        }
    });
}

/// The text of a tree as CZMQ, which gives each item that it reads a value, writes it.
fn with_values(root: &ZConfig) -> String {
    let text = root.str_save().unwrap();
    let line = |line: &str| match line.contains(" = ") || line.starts_with('#') || line.is_empty() {
        true => format!("{line}\n"),
        false => format!("{line} = \"\"\n"),
    };
    text.lines().map(line).collect()
}

/// A server of CZMQ's, guarded by its zauth.
struct TheirServer {
    _process: Running,
    lines: BufReader<ChildStdout>,
    endpoint: String,
    key: String,
}

impl TheirServer {
    fn start(location: &Path, passwords: &Path, mechanism: &str) -> Self {
        let mut command = Command::new(peer().unwrap());
        command.arg("serve").args([location, passwords]).arg(mechanism);
        let mut process = Running(command.stdout(Stdio::piped()).spawn().unwrap());
        let mut lines = BufReader::new(process.0.stdout.take().unwrap());
        let endpoint = format!("tcp://127.0.0.1:{}", line(&mut lines));
        let key = line(&mut lines);
        Self { _process: process, lines, endpoint, key }
    }

    /// Says a word to it, which is not to come through where this client is refused.
    fn say(&mut self, word: &str, secure: impl FnOnce(&Socket<Push>)) -> bool {
        let ctx = Context::builder().linger(Some(SOON)).build().unwrap();
        let client = ctx.socket(Push).unwrap();
        secure(&client);
        let monitor = client.monitor(MonitorEvents::all()).unwrap();
        client.connect(&self.endpoint).unwrap();
        let is_in = loop {
            match monitor.recv_timeout(SOON).unwrap().kind() {
                EventKind::HandshakeSucceeded => break true,
                EventKind::HandshakeFailedAuth => break false,
                _ => {}
            }
        };
        if is_in {
            client.send(word).unwrap();
        }
        is_in
    }
}

fn line(lines: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

/// Whether monitors tell how handshakes end.
fn tells_or_skip() -> bool {
    or_skip(runs_with(4, 3, 0), "events that tell how handshakes end")
}

#[test]
fn czmqs_zauth_lets_in_whom_our_files_name() {
    if !tells_or_skip() {
        return;
    }
    with_folder(|folder| {
        let (store, passwords) = (folder.join("store"), folder.join("passwords"));
        fs::create_dir(&store).unwrap();
        let mut alice = ZCert::new().unwrap();
        alice.set_meta("name", "Alice");
        alice.save_public(store.join("alice.txt")).unwrap();
        fs::write(&passwords, "admin=secret\n").unwrap();

        let mut server = TheirServer::start(&store, &passwords, "CURVE");
        let key = server.key.parse().unwrap();
        let with = |cert: &ZCert| {
            let cert = cert.clone();
            move |client: &Socket<Push>| {
                cert.apply(client).unwrap();
                client.set_curve_serverkey(&key).unwrap();
            }
        };
        assert!(!server.say("stranger", with(&ZCert::new().unwrap())));
        assert!(server.say("END", with(&alice)));
        assert_eq!(line(&mut server.lines), format!("END {} Alice", alice.public_txt()));

        let mut server = TheirServer::start(&store, &passwords, "PLAIN");
        let with = |password: &'static str| {
            move |client: &Socket<Push>| {
                client.set_plain_username(Some("admin")).unwrap();
                client.set_plain_password(Some(password)).unwrap();
            }
        };
        assert!(!server.say("stranger", with("guess")));
        assert!(server.say("END", with("secret")));
        assert_eq!(line(&mut server.lines), "END admin (none)");
    });
}

#[test]
fn our_zauth_lets_in_whom_czmqs_files_name() {
    with_folder(|folder| {
        let (store, passwords) = (folder.join("store"), folder.join("passwords"));
        fs::create_dir(&store).unwrap();
        let (alices, mallorys) = (store.join("alice.txt"), folder.join("mallory.txt"));
        let alice = run("make", &[text(&alices), "name", "Alice"]);
        run("make", &[text(&mallorys)]);
        fs::write(&passwords, "admin=secret\n").unwrap();

        let ctx = ZCtx::new().unwrap();
        let auth = ZAuth::new(&ctx).unwrap();
        auth.allow(&["127.0.0.1"]).unwrap();
        auth.curve(text(&store)).unwrap();
        auth.plain(text(&passwords)).unwrap();
        let cert = ZCert::new().unwrap();
        let (curve, plain) = (ctx.socket(Pull).unwrap(), ctx.socket(Pull).unwrap());
        cert.apply(&curve).unwrap();
        curve.set_curve_server(true).unwrap();
        plain.set_plain_server(true).unwrap();
        let curves = curve.bind("tcp://127.0.0.1:*").unwrap();
        let plains = plain.bind("tcp://127.0.0.1:*").unwrap();
        let say = |endpoint: &str, word, mechanism, one, other| {
            run("say", &[endpoint, word, mechanism, one, other]);
        };
        let key = cert.public_txt();
        // Who is let in later is heard first: the others are not.
        say(curves.as_str(), "mallory", "CURVE", text(&mallorys), &key);
        say(curves.as_str(), "alice", "CURVE", text(&alices), &key);
        let message = ZFrame::recv(&curve).unwrap();
        assert!(message.streq("alice"), "{message:?}");
        // Before libzmq 4.1 messages know nothing of their senders.
        if runs_with(4, 1, 0) {
            assert_eq!(message.meta("name"), Some("Alice"));
            assert_eq!(message.meta("User-Id"), Some(alice[0].as_str()));
        }
        say(plains.as_str(), "mallory", "PLAIN", "admin", "guess");
        say(plains.as_str(), "admin", "PLAIN", "admin", "secret");
        assert!(ZFrame::recv(&plain).unwrap().streq("admin"));
        for server in [&curve, &plain] {
            assert_eq!(server.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
        }
    });
}
