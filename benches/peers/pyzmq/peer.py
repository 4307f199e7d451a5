"""pyzmq: multipart messages are lists of bytes; a Frame is sent without a copy. Usage: see ../peer/src/lib.rs."""

import os
import sys
import tempfile
import threading
import time

import zmq


def pair(ctx, endpoint, binds, connects):
    bound, connected = ctx.socket(binds), ctx.socket(connects)
    bound.bind(endpoint)
    connected.connect(bound.last_endpoint.decode())
    return bound, connected


def send(ctx, endpoint, size, count, copy=True):
    """One way, between two threads."""
    sink, source = pair(ctx, endpoint, zmq.PULL, zmq.PUSH)
    payload = b"x" * size
    start = threading.Barrier(2)
    began = []

    def sender():
        source.send(payload, copy=copy)
        start.wait()
        began.append(time.perf_counter_ns())
        for _ in range(count):
            source.send(payload, copy=copy)

    thread = threading.Thread(target=sender)
    thread.start()
    sink.recv(copy=copy)
    start.wait()
    for _ in range(count):
        assert len(sink.recv(copy=copy)) == size
    ended = time.perf_counter_ns()
    thread.join()
    return ended - began[0]


def owned(ctx, endpoint, size, count):
    return send(ctx, endpoint, size, count, copy=False)


def latency(ctx, endpoint, size, count):
    """There and back, between two threads."""
    server, client = pair(ctx, endpoint, zmq.REP, zmq.REQ)
    payload = b"x" * size

    def replier():
        for _ in range(count + 1):
            server.send(server.recv())

    thread = threading.Thread(target=replier)
    thread.start()
    for n in range(count + 1):
        if n == 1:
            began = time.perf_counter_ns()
        client.send(payload)
        client.recv()
    elapsed = time.perf_counter_ns() - began
    thread.join()
    return elapsed


def single(ctx, endpoint, size, count):
    sink, source = pair(ctx, endpoint, zmq.PAIR, zmq.PAIR)
    payload = b"x" * size
    began = time.perf_counter_ns()
    for _ in range(count):
        source.send(payload)
        assert len(sink.recv()) == size
    return time.perf_counter_ns() - began


def multipart(ctx, endpoint, frames, count):
    """A multipart message goes to and fro."""
    one, other = pair(ctx, endpoint, zmq.PAIR, zmq.PAIR)
    one.send_multipart([b"0123456789ABCDEF"] * frames)
    began = time.perf_counter_ns()
    for _ in range(count // 2):
        for socket in other, one:
            message = socket.recv_multipart()
            assert len(message) == frames
            socket.send_multipart(message)
    return time.perf_counter_ns() - began


def forward(source, sink):
    more = True
    while more:
        frame = source.recv(copy=False)
        more = frame.more
        sink.send(frame, zmq.SNDMORE if more else 0, copy=False)


def forward_multipart(source, sink):
    sink.send_multipart(source.recv_multipart())


def broker(ctx, endpoint, size, count, passes=forward):
    """Client, broker and worker on one thread."""
    frontend, client = pair(ctx, endpoint, zmq.ROUTER, zmq.DEALER)
    backend, worker = pair(ctx, endpoint + "-backend", zmq.DEALER, zmq.DEALER)
    payload = b"x" * size
    began = time.perf_counter_ns()
    for _ in range(count):
        client.send(payload)
        passes(frontend, backend)
        passes(worker, worker)
        passes(backend, frontend)
        assert len(client.recv()) == size
    return time.perf_counter_ns() - began


def broker_multipart(ctx, endpoint, size, count):
    return broker(ctx, endpoint, size, count, forward_multipart)


def readers(ctx, endpoint, size, count):
    """One socket is active, the others are idle."""
    ctx.set(zmq.MAX_SOCKETS, 4096)
    output, active = pair(ctx, endpoint, zmq.PAIR, zmq.PAIR)
    poller = zmq.Poller()
    idle = [ctx.socket(zmq.PULL) for _ in range(size - 1)]
    for socket in idle + [active]:
        poller.register(socket, zmq.POLLIN)
    output.send(b"0123456789ABCDEF")
    events = 0
    began = time.perf_counter_ns()
    while events < count:
        for socket, _ in poller.poll():
            output.send(socket.recv())
            events += 1
    return time.perf_counter_ns() - began


WORKLOADS = {
    "send": send,
    "owned": owned,
    "latency": latency,
    "single": single,
    "multipart": multipart,
    "broker": broker,
    "broker-multipart": broker_multipart,
    "readers": readers,
}


def main():
    if sys.argv[1:] == ["version"]:
        print(zmq.zmq_version())
        return 0
    workload, transport, size, count = sys.argv[1:]
    if workload not in WORKLOADS:
        print("unsupported")
        return 3
    endpoint = {
        "inproc": "inproc://peer",
        "ipc": f"ipc://{tempfile.gettempdir()}/peer-{os.getpid()}",
        "tcp": "tcp://127.0.0.1:0",
    }[transport]
    ctx = zmq.Context()
    elapsed = WORKLOADS[workload](ctx, endpoint, int(size), int(count))
    print(elapsed)
    ctx.destroy(linger=0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
