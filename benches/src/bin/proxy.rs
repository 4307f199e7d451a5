//! zmqx's proxies beside libzmq's own, through which the same messages go.
//!
//! `proxy time` runs each pair in turn, and says the medians of the ratios of their times: that of the clock, and the
//! processor's of the proxy's thread, which says more on a machine that is busy. `proxy C|zmqx PATH inproc FRAMES COUNT`
//! runs one, for callgrind to count what is in `measured_proxy`, and prints nanoseconds. The paths are `proxy-queued` and
//! `proxy-lockstep`, both also with `-steered` and `-captured`.
#![allow(clippy::panic, reason = "a usage that is wrong, and a proxy that fails, end the program")]

use std::ptr::null_mut;
use std::time::{Duration, Instant};

use zmq_sys_ext as ffi;
use zmqx::{
    Any, Context, Dealer, ErrorKind, Interrupt, Multipart, Pair, Pull, Push, Rep, Req, Result,
    Router, Socket, proxy, proxy_steerable, proxy_with_capture,
};

/// Whose loop it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proxy {
    Ours,
    /// As in a `ZCtx`, whose context has an `Interrupt`.
    OursInterrupt,
    OursSteered,
    /// With a capture that nobody reads.
    OursCaptured,
    Theirs,
    TheirsSteered,
    TheirsCaptured,
}

/// What goes through it.
#[derive(Debug, Clone, Copy)]
enum Workload {
    /// Messages that are all there when it begins, from PUSH to PULL.
    Queued,
    /// Requests and replies, of which there is one at a time.
    Lockstep,
}

#[derive(Debug, Clone, Copy)]
struct Load {
    workload: Workload,
    frames: usize,
    bytes: usize,
    messages: usize,
}

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["time"] => time(),
        [library, path, "inproc", frames, messages] => {
            let (path, proxy) = match (library, path.rsplit_once('-')) {
                ("zmqx", Some((path, "steered"))) => (path, Proxy::OursSteered),
                ("zmqx", Some((path, "captured"))) => (path, Proxy::OursCaptured),
                ("zmqx", _) => (path, Proxy::Ours),
                ("C", Some((path, "steered"))) => (path, Proxy::TheirsSteered),
                ("C", Some((path, "captured"))) => (path, Proxy::TheirsCaptured),
                ("C", _) => (path, Proxy::Theirs),
                _ => panic!("no such library: {library}"),
            };
            let workload = match path {
                "proxy-queued" => Workload::Queued,
                "proxy-lockstep" => Workload::Lockstep,
                _ => panic!("no such path: {path}"),
            };
            let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("no number: {text}"));
            let [frames, messages] = [frames, messages].map(number);
            let times = run(proxy, Load { workload, frames, bytes: 16, messages })?;
            println!("{}", times.clock.as_nanos());
            Ok(())
        }
        _ => panic!("usage: proxy time, or proxy C|zmqx PATH inproc FRAMES COUNT"),
    }
}

/// How long a load takes to go through, and how long the proxy's thread works meanwhile.
#[derive(Debug, Clone, Copy, Default)]
struct Times {
    clock: Duration,
    processor: Duration,
}

fn ratio(ours: Duration, theirs: Duration) -> f64 {
    ours.as_secs_f64() / theirs.as_secs_f64()
}

/// How often each of a pair is run.
const ROUNDS: usize = 15;

fn time() -> Result<()> {
    let load = |workload, frames, bytes, messages| Load { workload, frames, bytes, messages };
    let loads = [
        load(Workload::Queued, 1, 16, 300_000),
        load(Workload::Queued, 3, 16, 100_000),
        load(Workload::Queued, 1, 1024, 100_000),
        load(Workload::Lockstep, 1, 16, 10_000),
    ];
    let pairs = [
        (Proxy::Ours, Proxy::Theirs),
        (Proxy::OursInterrupt, Proxy::Theirs),
        (Proxy::OursSteered, Proxy::TheirsSteered),
        (Proxy::OursCaptured, Proxy::TheirsCaptured),
    ];
    for load in loads {
        for (ours, theirs) in pairs {
            let mut ratios = [(); 2].map(|()| Vec::with_capacity(ROUNDS));
            let mut least = [Duration::MAX; 2];
            for round in 0..ROUNDS {
                // Each is the first of the two as often as the other.
                let mut taken = [Times::default(); 2];
                for turn in [round % 2, 1 - round % 2] {
                    taken[turn] = run([ours, theirs][turn], load)?;
                    least[turn] = least[turn].min(taken[turn].processor);
                }
                ratios[0].push(ratio(taken[0].clock, taken[1].clock));
                ratios[1].push(ratio(taken[0].processor, taken[1].processor));
            }
            let [clock, processor] = ratios.map(|mut ratios| {
                ratios.sort_by(f64::total_cmp);
                ratios[ROUNDS / 2]
            });
            let each = |time: Duration| time.as_nanos() / load.messages as u128;
            let Load { workload, frames, bytes, .. } = load;
            println!(
                "{workload:?} {frames} x {bytes} B, {ours:?} to {theirs:?}: clock {clock:.3}, processor {processor:.3}, \
                 its least {:.3} ({} and {} ns a message)",
                ratio(least[0], least[1]),
                each(least[0]),
                each(least[1]),
            );
        }
    }
    Ok(())
}

/// The sockets that a proxy is given. The third is what steers it, or what gets the copies.
struct Sides {
    frontend: Socket<Any>,
    backend: Socket<Any>,
    third: Socket<Any>,
}

/// Runs a proxy on a thread of its own, has the load go through it, and tells how long that took.
fn run(proxy: Proxy, load: Load) -> Result<Times> {
    let builder = Context::builder().linger(Some(Duration::ZERO));
    let ctx = match proxy {
        Proxy::OursInterrupt => builder.interrupt(Interrupt::new()?).build()?,
        _ => builder.build()?,
    };
    let third = unlimited(&ctx, Pair, Some("inproc://third"))?.into_any();
    let others = unlimited(&ctx, Pair, None)?;
    others.connect("inproc://third")?;
    let payload = vec![0; load.bytes];
    match load.workload {
        Workload::Queued => {
            let frontend = unlimited(&ctx, Pull, Some("inproc://frontend"))?.into_any();
            let backend = unlimited(&ctx, Push, Some("inproc://backend"))?.into_any();
            let (source, sink) = (unlimited(&ctx, Push, None)?, unlimited(&ctx, Pull, None)?);
            source.connect("inproc://frontend")?;
            sink.connect("inproc://backend")?;
            for _ in 0..load.messages {
                let frames = (0..load.frames).map(|_| &payload[..]);
                source.send_multipart(frames.collect::<Multipart>())?;
            }
            measure(&ctx, proxy, Sides { frontend, backend, third }, || {
                let mut message = Multipart::new();
                for _ in 0..load.messages {
                    sink.recv_multipart_into(&mut message)?;
                }
                assert_eq!(message.len(), load.frames);
                Ok(())
            })
        }
        Workload::Lockstep => {
            let frontend = unlimited(&ctx, Router, Some("inproc://frontend"))?.into_any();
            let backend = unlimited(&ctx, Dealer, Some("inproc://backend"))?.into_any();
            let (client, server) = (unlimited(&ctx, Req, None)?, unlimited(&ctx, Rep, None)?);
            client.connect("inproc://frontend")?;
            server.connect("inproc://backend")?;
            measure(&ctx, proxy, Sides { frontend, backend, third }, || {
                for _ in 0..load.messages {
                    client.send(&payload[..])?;
                    server.send(server.recv()?)?;
                    assert_eq!(client.recv()?.len(), load.bytes);
                }
                Ok(())
            })
        }
    }
}

/// A socket without high-water marks, bound if it is told where.
fn unlimited<K: zmqx::Kind>(ctx: &Context, kind: K, endpoint: Option<&str>) -> Result<Socket<K>> {
    let socket = ctx.socket(kind)?;
    socket.set_sndhwm(0)?;
    socket.set_rcvhwm(0)?;
    if let Some(endpoint) = endpoint {
        socket.bind(endpoint)?;
    }
    Ok(socket)
}

fn measure(
    ctx: &Context,
    proxy: Proxy,
    sides: Sides,
    load: impl FnOnce() -> Result<()>,
) -> Result<Times> {
    let begun = Instant::now();
    let thread = std::thread::spawn(move || {
        measured_proxy(proxy, &sides);
        processor_time()
    });
    load()?;
    let clock = begun.elapsed();
    ctx.shutdown()?;
    let processor = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    Ok(Times { clock, processor })
}

/// The processor time of this thread. By the C library: under valgrind rustix's own way to the clock is an invalid read.
fn processor_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the C library writes a timespec.
    let rc = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    assert_eq!(rc, 0);
    let (seconds, nanos) = (u64::try_from(time.tv_sec), u32::try_from(time.tv_nsec));
    Duration::new(seconds.unwrap_or_default(), nanos.unwrap_or_default())
}

/// What callgrind counts: from where a proxy begins to where the context's end ends it.
#[unsafe(no_mangle)]
#[inline(never)]
extern "Rust" fn measured_proxy(whose: Proxy, Sides { frontend, backend, third }: &Sides) {
    let ended = match whose {
        Proxy::Ours | Proxy::OursInterrupt => proxy(frontend, backend),
        Proxy::OursSteered => proxy_steerable(frontend, backend, third),
        Proxy::OursCaptured => proxy_with_capture(frontend, backend, third),
        Proxy::Theirs => return theirs(frontend, backend, None, None),
        Proxy::TheirsSteered => return theirs(frontend, backend, None, Some(third)),
        Proxy::TheirsCaptured => return theirs(frontend, backend, Some(third), None),
    };
    assert_eq!(ended.map_err(|error| error.kind()), Err(ErrorKind::Terminated));
}

/// zmq_proxy(3), or zmq_proxy_steerable(3).
fn theirs(
    frontend: &Socket<Any>,
    backend: &Socket<Any>,
    capture: Option<&Socket<Any>>,
    control: Option<&Socket<Any>>,
) {
    let (frontend, backend) = (frontend.as_raw(), backend.as_raw());
    let [capture, control] =
        [capture, control].map(|socket| socket.map_or(null_mut(), Socket::as_raw));
    let rc = if control.is_null() {
        // SAFETY: the sockets are open, and this thread's, until the function returns.
        unsafe { ffi::zmq_proxy(frontend, backend, capture) }
    } else {
        // SAFETY: the same.
        unsafe { ffi::zmq_proxy_steerable(frontend, backend, capture, control) }
    };
    assert_eq!(rc, -1);
}
