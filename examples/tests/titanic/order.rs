//! In which order Titanic has the system do things, as strace sees it: no test that kills a process shows what a machine
//! that loses its power would lose.

use std::io::Write;
use std::process::Command;

use czmq_like::Result;
use rustix::process::Signal;

use crate::common::{Running, program, send_signal};
use crate::site::{SPEED, Site, text};

/// Whether strace is there, and may trace.
fn has_strace() -> bool {
    let trace = Command::new("strace").args(["-o", "/dev/null", "true"]).output();
    trace.is_ok_and(|trace| trace.status.success())
}

#[test]
fn a_request_is_on_the_disk_before_it_is_said_to_be_accepted() -> Result<()> {
    if !has_strace() {
        // Not by eprintln, which tests that pass keep to themselves.
        let _ = std::io::stderr().write_all(b"\nSKIPPED, as there is no strace that may trace\n");
        return Ok(());
    }
    let site = Site::new();
    let _broker = site.broker();
    let trace = site.store().with_file_name("trace");
    let mut strace = program("strace");
    strace.args(["-f", "-s", "200", "-e", "trace=openat,fsync,rename,sendto", "-o"]).arg(&trace);
    strace.arg(env!("CARGO_BIN_EXE_titanic")).args(["--broker", &site.endpoint(), "--folder"]);
    let titanic = Running::start(strace.arg(site.store()).args(SPEED));
    let uuid = text(&site.client()?.leave(b"Hello world"));
    // strace ends with what it traces, and has written all of it then.
    let number = || std::fs::read_to_string(&trace).ok()?.split(' ').next()?.parse().ok();
    send_signal(number().expect("a process's number"), Signal::TERM);
    let ended = titanic.ended();
    assert!(ended.status.success(), "{ended:#?}");
    let trace = std::fs::read_to_string(&trace)?;
    let lines: Vec<&str> = trace.lines().collect();

    let written = format!("{uuid}.req.tmp\", O_WRONLY");
    let open = lines.iter().position(|line| line.contains(&written)).expect("it is written");
    let thread = lines[open].split(' ').next().expect("a thread's number").to_owned() + " ";
    // What that thread does from there on, as far as it is done: a call's end may be in a line of its own.
    let done = |from: usize, call: &str| {
        let is_done =
            |line: &str| line.starts_with(&thread) && line.contains(call) && line.ends_with("= 0");
        let found = lines[from..].iter().position(|line| is_done(line));
        from + found.unwrap_or_else(|| panic!("no {call} after line {from}:\n{trace}")) + 1
    };
    let synced = done(open, "fsync");
    let renamed = done(synced, "rename");
    let kept = done(renamed, "fsync");
    let told = lines.iter().position(|line| line.contains("sendto") && line.contains(&uuid));
    assert!(told.expect("the client was told") >= kept, "{trace}");
    Ok(())
}
