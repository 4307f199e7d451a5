"""A broker of RFC 7 on one socket: prints where it is, and each worker's command with its service."""
import sys
import time
from collections import deque
import zmq

endpoint, interval = sys.argv[1], float(sys.argv[2])
READY, REQUEST, REPLY, HEARTBEAT, DISCONNECT = (bytes([number]) for number in range(1, 6))
services = {}  # The service of each worker
idle = {}  # The idle workers of each service, and its requests
waiting = {}


def dispatch(broker, service):
    workers, requests = idle.setdefault(service, deque()), waiting.setdefault(service, deque())
    while workers and requests:
        client, body = requests.popleft()
        broker.send_multipart([workers.popleft(), b"", b"MDPW01", REQUEST, client, b""] + body)


def from_client(broker, client, service, *body):
    assert body, "a body"
    waiting.setdefault(service, deque()).append((client, list(body)))
    dispatch(broker, service)


def from_worker(broker, worker, command, *rest):
    if command == READY and worker not in services:
        (services[worker],) = rest
        print("READY", rest[0].decode(), flush=True)
    elif worker not in services:
        print("DISCONNECT", flush=True)
        return broker.send_multipart([worker, b"", b"MDPW01", DISCONNECT])
    elif command == REPLY:
        client, empty, *body = rest
        assert empty == b"" and body, rest
        broker.send_multipart([client, b"", b"MDPC01", services[worker]] + body)
    else:
        assert command == HEARTBEAT and not rest, (command, rest)
        return print("HEARTBEAT", flush=True)
    idle.setdefault(services[worker], deque()).append(worker)
    dispatch(broker, services[worker])


with zmq.Context() as context, context.socket(zmq.ROUTER) as broker:
    broker.bind(endpoint)
    print(broker.getsockopt_string(zmq.LAST_ENDPOINT), flush=True)
    beat_at = time.monotonic() + interval
    while True:
        if broker.poll(max(0, (beat_at - time.monotonic()) * 1000)):
            sender, empty, header, *rest = broker.recv_multipart()
            assert empty == b"", empty
            {b"MDPC01": from_client, b"MDPW01": from_worker}[header](broker, sender, *rest)
        if time.monotonic() >= beat_at:
            for worker in services:
                broker.send_multipart([worker, b"", b"MDPW01", HEARTBEAT])
            beat_at = time.monotonic() + interval
