"""Worker and sink in one: binds the sink, prints where, then prints the start, and the 100 tasks of a ventilator."""
import sys
import zmq

with zmq.Context() as context, context.socket(zmq.PULL) as sink, context.socket(zmq.PULL) as tasks:
    sink.bind("tcp://127.0.0.1:*")
    tasks.connect(sys.argv[1])
    print(sink.getsockopt_string(zmq.LAST_ENDPOINT), flush=True)
    print(sink.recv_string(), flush=True)
    for _ in range(100):
        print(tasks.recv_string(), flush=True)
