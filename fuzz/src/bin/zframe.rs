//! What `ZFrame` shows of any bytes: hexadecimal that says them all, and a line of bounded length.
#![no_main]

use czmq_like::{ZFrame, ZMsg};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let frame = ZFrame::new(data);
    let hex = frame.strhex();
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
    assert!((0..hex.len()).step_by(2).map(byte).eq(data.iter().copied()));
    assert_eq!(std::str::from_utf8(data).is_ok_and(|text| text == frame.strdup()), {
        std::str::from_utf8(data).is_ok()
    });
    let mut line = Vec::new();
    frame.fprint("prefix: ", &mut line).expect("a Vec takes it");
    assert!(line.starts_with(b"prefix: [") && line.ends_with(b"\n") && line.len() <= 110);
    let mut text = Vec::new();
    ZMsg::from([frame]).fprint(&mut text).expect("a Vec takes it");
    assert!(text.ends_with(&line["prefix: ".len()..]));
});
