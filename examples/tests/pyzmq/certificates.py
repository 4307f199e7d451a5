"""Certificates by zmq.auth: makes one, calls a CURVE REP with one, or serves those whose certificates are in a folder."""
import sys
import zmq
import zmq.auth
from zmq.auth.thread import ThreadAuthenticator


def make(folder, name):
    zmq.auth.create_certificates(folder, name, metadata={"name": name})


def call(context, endpoint, own, servers):
    with context.socket(zmq.REQ) as client:
        client.linger = 0
        client.curve_publickey, client.curve_secretkey = zmq.auth.load_certificate(own)
        client.curve_serverkey, _ = zmq.auth.load_certificate(servers)
        client.connect(endpoint)
        client.send_string("Hello")
        print(client.recv_string() if client.poll(20000) else "no reply")


def serve(context, folder, own):
    auth = ThreadAuthenticator(context)
    auth.start()
    auth.configure_curve(domain="*", location=folder)
    with context.socket(zmq.REP) as server:
        server.curve_publickey, server.curve_secretkey = zmq.auth.load_certificate(own)
        server.curve_server = True
        server.bind("tcp://127.0.0.1:*")
        print(server.getsockopt_string(zmq.LAST_ENDPOINT), flush=True)
        while True:
            request = server.recv(copy=False)
            server.send_string(request.get("User-Id"))


task, arguments = sys.argv[1], sys.argv[2:]
if task == "make":
    make(*arguments)
else:
    with zmq.Context() as context:
        {"call": call, "serve": serve}[task](context, *arguments)
