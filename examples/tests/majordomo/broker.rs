//! What the broker says, and to whom.

use zmqx::Result;

use crate::peers::{DISCONNECT, HEARTBEAT, Place, READY, REPLY, REQUEST, frames};

#[test]
fn requests_and_replies_pass_in_the_rfcs_frames() -> Result<()> {
    let place = Place::new();
    let _broker = place.broker(&[]);
    let (worker, client) = (place.peer()?, place.peer()?);
    worker.command(READY, &[b"coffee"])?;
    client.ask("coffee", &[b"black", b"", b"\xFF\x00"])?;

    let request = worker.next()?;
    let address = request[3].to_vec();
    let envelope: &[&[u8]] = &[b"", b"MDPW01", REQUEST, &address, b""];
    assert_eq!(request, frames(&[envelope, &[b"black", b"", b"\xFF\x00"]].concat()));

    worker.command(REPLY, &[&address, b"", b"hot", b"", b"\x00"])?;
    assert_eq!(client.recv()?, frames(&[b"", b"MDPC01", b"coffee", b"hot", b"", b"\x00"]));
    Ok(())
}

#[test]
fn a_request_goes_to_the_least_recently_used_worker() -> Result<()> {
    let place = Place::new();
    let _broker = place.broker(&[]);
    let client = place.peer()?;
    let workers = [place.peer()?, place.peer()?, place.peer()?];
    for worker in &workers {
        worker.command(READY, &[b"coffee"])?;
        // On the same connection: it is registered, and the next one is behind it.
        assert_eq!(worker.lookup("coffee")?, "200");
    }
    for round in 0..30_u8 {
        client.ask("coffee", &[&[round]])?;
        workers[usize::from(round) % 3].work()?;
        assert_eq!(client.recv()?, frames(&[b"", b"MDPC01", b"coffee", &[round]]));
    }
    Ok(())
}

#[test]
fn requests_wait_for_their_first_worker() -> Result<()> {
    let place = Place::new();
    let _broker = place.broker(&[]);
    let (client, worker) = (place.peer()?, place.peer()?);
    client.ask("coffee", &[b"1"])?;
    client.ask("coffee", &[b"2"])?;
    // What is behind those on the client's connection was answered, so that the broker has them.
    client.wait_for("coffee", "404")?;
    worker.command(READY, &[b"coffee"])?;
    worker.work()?;
    worker.work()?;
    assert_eq!(client.recv()?, frames(&[b"", b"MDPC01", b"coffee", b"1"]));
    assert_eq!(client.recv()?, frames(&[b"", b"MDPC01", b"coffee", b"2"]));
    Ok(())
}

#[test]
fn mmi_service_gives_200_or_404_and_other_mmi_services_501() -> Result<()> {
    let place = Place::new();
    let _broker = place.broker(&[]);
    let (client, worker) = (place.peer()?, place.peer()?);
    assert_eq!(client.lookup("coffee")?, "404");
    worker.command(READY, &[b"coffee"])?;
    client.wait_for("coffee", "200")?;
    assert_eq!(client.lookup("tea")?, "404");
    assert_eq!(client.lookup("mmi.service")?, "404");
    assert_eq!(client.lookup("")?, "404");
    for service in ["mmi.", "mmi.servic", "mmi.services", "mmi.discovery"] {
        client.ask(service, &[b"coffee", b"tea"])?;
        assert_eq!(client.recv()?, frames(&[b"", b"MDPC01", service.as_bytes(), b"501"]));
    }
    worker.command(DISCONNECT, &[])?;
    client.wait_for("coffee", "404")
}

#[test]
fn a_worker_of_an_mmi_service_is_disconnected() -> Result<()> {
    let place = Place::new();
    let _broker = place.broker(&[]);
    let (client, worker) = (place.peer()?, place.peer()?);
    worker.command(READY, &[b"mmi.coffee"])?;
    assert_eq!(worker.recv()?, frames(&[b"", b"MDPW01", DISCONNECT]));
    client.ask("mmi.coffee", &[b"black"])?;
    assert_eq!(client.recv()?, frames(&[b"", b"MDPC01", b"mmi.coffee", b"501"]));
    Ok(())
}

#[test]
fn a_command_out_of_turn_is_answered_by_disconnect() -> Result<()> {
    let place = Place::new();
    let _broker = place.broker(&[]);
    let client = place.peer()?;
    let disconnect = frames(&[b"", b"MDPW01", DISCONNECT]);

    let stranger = place.peer()?;
    stranger.command(HEARTBEAT, &[])?;
    assert_eq!(stranger.recv()?, disconnect);
    stranger.command(REPLY, &[b"who?", b"", b"hot"])?;
    assert_eq!(stranger.recv()?, disconnect);

    let twice = place.peer()?;
    twice.command(READY, &[b"coffee"])?;
    twice.command(READY, &[b"coffee"])?;
    assert_eq!(twice.next()?, disconnect);
    assert_eq!(client.lookup("coffee")?, "404");

    let unasked = place.peer()?;
    unasked.command(READY, &[b"coffee"])?;
    unasked.command(REPLY, &[b"who?", b"", b"hot"])?;
    assert_eq!(unasked.next()?, disconnect);
    assert_eq!(client.lookup("coffee")?, "404");
    Ok(())
}

#[test]
fn a_reply_reaches_none_but_the_client_who_asked() -> Result<()> {
    let place = Place::new();
    let _broker = place.broker(&[]);
    let (client, other, worker) = (place.peer()?, place.peer()?, place.peer()?);
    worker.command(READY, &[b"coffee"])?;
    other.ask("coffee", &[b"mine"])?;
    let address = worker.next()?[3].to_vec();
    worker.command(REPLY, &[&address, b"", b"yours"])?;
    assert_eq!(other.recv()?[3], "yours");

    client.ask("coffee", &[b"black"])?;
    worker.next()?;
    worker.command(REPLY, &[&address, b"", b"not yours"])?;
    assert_eq!(worker.next()?, frames(&[b"", b"MDPW01", DISCONNECT]));
    assert_eq!(other.lookup("coffee")?, "404", "and no reply comes before that");
    Ok(())
}

#[test]
fn what_is_no_message_of_the_protocol_is_dropped() -> Result<()> {
    let place = Place::new();
    let _broker = place.broker(&[]);
    let client = place.peer()?;
    for request in [
        &[&b"MDPC01"[..], b"coffee"][..],
        &[b"MDPC01", b"", b"black"],
        &[b"MDPC01", b"\xFF", b"black"],
        &[b"MDPC01", b"a\nb", b"black"],
        &[b"MDPC01"],
        &[b"MDPC02", b"mmi.service", b"coffee"],
        &[b"MDPW01"],
        &[b"MDPW01", b""],
        &[b"MDPW01", b"\x01"],
        &[b"MDPW01", b"\x01", b""],
        &[b"MDPW01", b"\x01", b"coffee", b"tea"],
        &[b"MDPW01", b"\x02", b"coffee"],
        &[b"MDPW01", b"\x01\x01", b"coffee"],
        &[],
    ] {
        client.send(request)?;
        client.socket.send_multipart(frames(&[&[&b"not empty"[..]], request].concat()))?;
    }
    assert_eq!(client.lookup("coffee")?, "404");
    Ok(())
}

#[test]
fn a_worker_that_sends_what_is_no_message_is_disconnected() -> Result<()> {
    let place = Place::new();
    let _broker = place.broker(&[]);
    let client = place.peer()?;
    for rubbish in [
        &[&b"MDPW01"[..], b"\x06"][..],
        &[b"MDPW01", REPLY, b"address", b"not empty", b"hot"],
        &[b"MDPW01", REPLY, b"address", b""],
        &[b"MDPW02", HEARTBEAT],
    ] {
        let worker = place.peer()?;
        worker.command(READY, &[b"coffee"])?;
        client.wait_for("coffee", "200")?;
        worker.send(rubbish)?;
        assert_eq!(worker.next()?, frames(&[b"", b"MDPW01", DISCONNECT]), "{rubbish:?}");
        assert_eq!(client.lookup("coffee")?, "404");
    }
    Ok(())
}
