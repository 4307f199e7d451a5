/* The same over CZMQ. Arguments: frames, messages. */
#include <czmq.h>

static void
s_send_on (zsock_t *socket, size_t frames)
{
    zmsg_t *msg = zmsg_recv (socket);
    if (!msg || zmsg_size (msg) != frames || zmsg_send (&msg, socket))
        exit (1);
}

int main (int argc, char **argv)
{
    size_t frames = argc == 3? (size_t) atoi (argv [1]): 0;
    long count = argc == 3? atol (argv [2]): 0;
    zsock_t *one = zsock_new_pair ("@inproc://bench");
    zsock_t *other = zsock_new_pair (">inproc://bench");
    char payload [16] = { 0 };
    zmsg_t *msg = zmsg_new ();
    for (size_t frame = 0; frame < frames; frame++)
        zmsg_addmem (msg, payload, 16);
    if (!one || !other || zmsg_send (&msg, one))
        return 1;
    for (long n = 0; n < count; n++) {
        s_send_on (other, frames);
        s_send_on (one, frames);
    }
    zsock_destroy (&one);
    zsock_destroy (&other);
    return 0;
}
