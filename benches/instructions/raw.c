/* The careful C program that zmqx is measured against: send and receive over inproc on one thread, with the
   receiving zmq_msg_t reused. Arguments: frames, bytes, messages. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

int main (int argc, char **argv)
{
    int frames = atoi (argv [1]);
    size_t size = (size_t) atol (argv [2]);
    long count = atol (argv [3]);
    char *payload = calloc (1, size + 1);
    void *ctx = zmq_ctx_new ();
    void *sink = zmq_socket (ctx, ZMQ_PAIR);
    void *source = zmq_socket (ctx, ZMQ_PAIR);
    if (argc != 4 || zmq_bind (sink, "inproc://bench") || zmq_connect (source, "inproc://bench"))
        return 1;
    zmq_msg_t received;
    zmq_msg_init (&received);
    for (long n = 0; n < count; n++) {
        for (int frame = 0; frame < frames; frame++) {
            zmq_msg_t message;
            zmq_msg_init_size (&message, size);
            memcpy (zmq_msg_data (&message), payload, size);
            if (zmq_msg_send (&message, source, frame + 1 < frames ? ZMQ_SNDMORE : 0) == -1)
                return 1;
        }
        do {
            if (zmq_msg_recv (&received, sink, 0) == -1 || zmq_msg_size (&received) != size)
                return 1;
        } while (zmq_msg_more (&received));
    }
    zmq_msg_close (&received);
    zmq_close (source);
    zmq_close (sink);
    zmq_ctx_term (ctx);
    free (payload);
    return 0;
}
