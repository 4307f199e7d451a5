"""REQ client: sends each of the requests, frames joined by commas, and prints the reply in the same form."""
import sys
import zmq

with zmq.Context() as context, context.socket(zmq.REQ) as client:
    client.connect(sys.argv[1])
    for request in sys.argv[2:]:
        client.send_multipart([frame.encode() for frame in request.split(",")])
        reply = client.recv_multipart()
        print(",".join(frame.decode() for frame in reply), flush=True)
