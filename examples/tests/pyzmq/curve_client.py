"""CURVE REQ client: to an endpoint, by the server's public key and its own two; sends Hello and prints the reply."""
import sys
import zmq

with zmq.Context() as context, context.socket(zmq.REQ) as client:
    endpoint, server, public, secret = sys.argv[1:]
    client.linger = 0
    client.curve_serverkey = server.encode()
    client.curve_publickey = public.encode()
    client.curve_secretkey = secret.encode()
    client.connect(endpoint)
    client.send_string("Hello")
    print(client.recv_string() if client.poll(20000) else "no reply")
