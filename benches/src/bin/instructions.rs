//! What `instructions/raw.c` does, over zmqx, for callgrind to count. Arguments: mode, frames, bytes, messages.

use zmqx::{Context, Message, Multipart, Pair};

fn main() -> zmqx::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let number = |index: usize| args.get(index).and_then(|arg| arg.parse().ok()).unwrap_or(0);
    let (mode, frames, size, count) =
        (args.get(1).map(String::as_str), number(2), number(3), number(4));
    let payload = vec![0; size];
    let ctx = Context::new()?;
    let (sink, source) = (ctx.socket(Pair)?, ctx.socket(Pair)?);
    sink.bind("inproc://bench")?;
    source.connect("inproc://bench")?;
    match mode {
        Some("reused") => {
            let mut received = Message::new();
            for _ in 0..count {
                source.send(&payload[..])?;
                sink.recv_into(&mut received)?;
                assert!(received.len() == size);
            }
        }
        Some("fresh") => {
            for _ in 0..count {
                source.send(&payload[..])?;
                let received = sink.recv()?;
                assert!(received.len() == size);
            }
        }
        Some("multipart") => {
            for _ in 0..count {
                source.send_multipart((0..frames).map(|_| &payload[..]).collect::<Multipart>())?;
                let received = sink.recv_multipart()?;
                assert!(received.len() == frames);
            }
        }
        _ => eprintln!("usage: instructions reused|fresh|multipart FRAMES BYTES MESSAGES"),
    }
    Ok(())
}
