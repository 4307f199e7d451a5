"""MDP/Client of RFC 7: sends each of the requests, frames joined by commas, and prints the reply in the same form."""
import sys
import zmq

endpoint, service = (text.encode() for text in sys.argv[1:3])
with zmq.Context() as context, context.socket(zmq.REQ) as client:
    client.connect(endpoint.decode())
    for request in sys.argv[3:]:
        client.send_multipart([b"MDPC01", service] + [frame.encode() for frame in request.split(",")])
        header, sender, *body = client.recv_multipart()
        assert (header, sender) == (b"MDPC01", service) and body, (header, sender, body)
        print(",".join(frame.decode() for frame in body), flush=True)
