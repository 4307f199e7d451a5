"""CURVE REP server: prints where and its public key, lets in the client with the key given, and says who that is."""
import sys
import zmq
from zmq.auth.thread import ThreadAuthenticator


class Known:
    def callback(self, domain, key):
        return key.decode() == sys.argv[1]


with zmq.Context() as context:
    auth = ThreadAuthenticator(context)
    auth.start()
    auth.configure_curve_callback("*", credentials_provider=Known())
    with context.socket(zmq.REP) as server:
        public, server.curve_secretkey = zmq.curve_keypair()
        server.curve_server = True
        server.bind("tcp://127.0.0.1:*")
        print(server.getsockopt_string(zmq.LAST_ENDPOINT), flush=True)
        print(public.decode(), flush=True)
        while True:
            request = server.recv(copy=False)
            print(request.bytes.decode(), flush=True)
            server.send_string(request.get("User-Id"))
