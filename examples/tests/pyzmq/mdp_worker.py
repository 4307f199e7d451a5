"""MDP/Worker of RFC 7: registers, beats, and prints each command; replies with the frames of the request in reverse."""
import sys
import time
import zmq

endpoint, service, interval = sys.argv[1], sys.argv[2].encode(), float(sys.argv[3])
READY, REQUEST, REPLY, HEARTBEAT, DISCONNECT = (bytes([number]) for number in range(1, 6))


def work(worker):
    """Serves until the broker says DISCONNECT."""
    worker.connect(endpoint)
    worker.send_multipart([b"", b"MDPW01", READY, service])
    beat_at = time.monotonic() + interval
    while True:
        if worker.poll(max(0, (beat_at - time.monotonic()) * 1000)):
            empty, header, command, *rest = worker.recv_multipart()
            assert (empty, header) == (b"", b"MDPW01"), (empty, header)
            if command == REQUEST:
                print("REQUEST", flush=True)
                client, empty, *body = rest
                assert empty == b"" and body, rest
                worker.send_multipart([b"", b"MDPW01", REPLY, client, b""] + body[::-1])
            else:
                assert not rest, rest
                print({HEARTBEAT: "HEARTBEAT", DISCONNECT: "DISCONNECT"}[command], flush=True)
                if command == DISCONNECT:
                    return
        if time.monotonic() >= beat_at:
            worker.send_multipart([b"", b"MDPW01", HEARTBEAT])
            beat_at = time.monotonic() + interval


with zmq.Context() as context:
    while True:
        with context.socket(zmq.DEALER) as worker:
            work(worker)
