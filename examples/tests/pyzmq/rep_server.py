"""REP server: binds or connects, prints where, prints each request, and replies with its later frames and "World"."""
import sys
import zmq

with zmq.Context() as context, context.socket(zmq.REP) as server:
    if sys.argv[1] == "bind":
        server.bind(sys.argv[2])
    else:
        server.connect(sys.argv[2])
    print(server.getsockopt_string(zmq.LAST_ENDPOINT), flush=True)
    while True:
        request = server.recv_multipart()
        print(",".join(frame.decode() for frame in request), flush=True)
        server.send_multipart(request[1:] + [b"World"])
