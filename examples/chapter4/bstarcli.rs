//! Binary Star client, proof of concept: it does no real work, and just demonstrates the failover.

use czmq_like::prelude::*;
use guide::speed;
use zmqx::Result;

const REQUEST_TIMEOUT: Duration = Duration::from_millis(1000);
const SETTLE_DELAY: Duration = Duration::from_millis(2000); // Before failing over

// Sends a request without waiting: libzmq connects no more to a server that has sent it nonsense, and to wait for that is
// to hang. It is as with any other server that does not reply.
fn send(client: &Socket<Req>, request: &str) -> Result<()> {
    match client.try_send(request) {
        Err(error) if error.error.kind() == ErrorKind::WouldBlock => Ok(()),
        sent => Ok(sent?),
    }
}

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--primary", "tcp://localhost:5001"),
        ("--backup", "tcp://localhost:5002"),
        speed::OPTION,
    ]);
    let speed = args.speed();
    let ctx = ZCtx::new()?;

    let server = [&args["--primary"], &args["--backup"]];
    let mut server_nbr = 0;

    println!("I: connecting to server at {}...", server[server_nbr]);
    let mut client = ctx.socket(Req)?;
    client.connect(server[server_nbr])?;

    let mut sequence: u64 = 0;
    while !zsys::interrupted() {
        // We send a request, then we work to get a reply
        sequence += 1;
        let request = sequence.to_string();
        send(&client, &request)?;

        let mut expect_reply = true;
        while expect_reply {
            // Poll socket for a reply, with timeout
            let mut items = [client.poll_item(PollEvents::IN)];
            if poll(&mut items, Some(speed.of(REQUEST_TIMEOUT))).is_err() {
                break; // Interrupted
            }
            // We use a Lazy Pirate strategy in the client: if there's no reply within our timeout, we close the socket
            // and try again. In Binary Star, it's the client vote that decides which server is primary; the client
            // must therefore try to connect to each server in turn.

            if items[0].is_readable() {
                // We got a reply from the server, must match sequence
                let msg = match ZMsg::recv_nowait(&client) {
                    Ok(msg) => msg,
                    // A REQ is readable by what is no reply, as one behind four bytes, and drops it: to wait is to hang
                    Err(error) if error.kind() == ErrorKind::WouldBlock => continue,
                    Err(_) => break, // Interrupted
                };
                let reply = msg.first().map(ZFrame::strdup).unwrap_or_default();
                if reply == request && msg.size() == 1 {
                    println!("I: server replied OK ({reply})");
                    expect_reply = false;
                    zclock::sleep(speed.of(Duration::from_secs(1))); // One request per second
                } else {
                    println!("E: bad reply from server: {reply}");
                }
            } else {
                println!("W: no response from server, failing over");

                // Old socket is confused; close it and open a new one
                drop(client);
                server_nbr = (server_nbr + 1) % 2;
                zclock::sleep(speed.of(SETTLE_DELAY));
                println!("I: connecting to server at {}...", server[server_nbr]);
                client = ctx.socket(Req)?;
                client.connect(server[server_nbr])?;

                // Send request again, on new socket
                send(&client, &request)?;
            }
        }
    }
    Ok(())
}
