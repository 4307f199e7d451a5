/* The careful C program that ZMsg is measured against: a message of 16-byte frames goes to and fro over inproc, each
   frame received and sent on in the same zmq_msg_t. Arguments: frames, messages. */
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

static int
s_send_on (void *socket)
{
    zmq_msg_t frame;
    int more, frames = 0;
    zmq_msg_init (&frame);
    do {
        if (zmq_msg_recv (&frame, socket, 0) == -1)
            return -1;
        more = zmq_msg_more (&frame);
        if (zmq_msg_send (&frame, socket, more? ZMQ_SNDMORE: 0) == -1)
            return -1;
        frames++;
    } while (more);
    zmq_msg_close (&frame);
    return frames;
}

int main (int argc, char **argv)
{
    int frames = argc == 3? atoi (argv [1]): 0;
    long count = argc == 3? atol (argv [2]): 0;
    void *ctx = zmq_ctx_new ();
    void *one = zmq_socket (ctx, ZMQ_PAIR);
    void *other = zmq_socket (ctx, ZMQ_PAIR);
    char payload [16] = { 0 };
    if (zmq_bind (one, "inproc://bench") || zmq_connect (other, "inproc://bench"))
        return 1;
    for (int frame = 0; frame < frames; frame++)
        if (zmq_send (one, payload, 16, frame + 1 < frames? ZMQ_SNDMORE: 0) == -1)
            return 1;
    for (long n = 0; n < count; n++)
        if (s_send_on (other) != frames || s_send_on (one) != frames)
            return 1;
    zmq_close (one);
    zmq_close (other);
    zmq_ctx_term (ctx);
    return 0;
}
