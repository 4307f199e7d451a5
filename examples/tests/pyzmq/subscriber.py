"""Subscriber: prints so many messages that begin with the prefix, frames joined by commas."""
import sys
import zmq

endpoint, prefix, count = sys.argv[1:]
with zmq.Context() as context, context.socket(zmq.SUB) as subscriber:
    subscriber.connect(endpoint)
    subscriber.setsockopt_string(zmq.SUBSCRIBE, prefix)
    for _ in range(int(count)):
        message = subscriber.recv_multipart()
        print(",".join(frame.decode() for frame in message), flush=True)
