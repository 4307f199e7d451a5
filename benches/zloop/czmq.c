/* CZMQ's zloop, which ZLoop is measured against: a frame goes round between two PAIRs of one thread, one of which is
   a reader, beside others that are idle, and timers. Arguments: readers, timers, events. */
#include <czmq.h>

static zsock_t *output;
static long left;

static int
s_active (zloop_t *loop, zsock_t *input, void *arg)
{
    (void) loop; (void) arg;
    zframe_t *frame = zframe_recv (input);
    if (left-- == 0) {
        zframe_destroy (&frame);
        return -1;
    }
    return zframe_send (&frame, output, 0);
}

static int
s_idle (zloop_t *loop, zsock_t *input, void *arg)
{
    (void) loop; (void) input; (void) arg;
    return 0;
}

static int
s_timer (zloop_t *loop, int timer_id, void *arg)
{
    (void) loop; (void) timer_id; (void) arg;
    return 0;
}

int main (int argc, char **argv)
{
    if (argc != 4)
        return 1;
    int readers = atoi (argv [1]), timers = atoi (argv [2]);
    long events = left = atol (argv [3]);
    zsys_set_max_sockets (4096);
    zsock_t *input = zsock_new (ZMQ_PAIR);
    output = zsock_new (ZMQ_PAIR);
    if (zsock_bind (input, "inproc://active") || zsock_connect (output, "inproc://active"))
        return 1;
    zloop_t *loop = zloop_new ();
    for (int n = 1; n < readers; n++)
        zloop_reader (loop, zsock_new (ZMQ_PULL), s_idle, NULL);
    zloop_reader (loop, input, s_active, NULL);
    for (int n = 0; n < timers; n++)
        zloop_timer (loop, 1000000, 0, s_timer, NULL);
    zframe_t *frame = zframe_new ("0123456789ABCDEF", 16);
    zframe_send (&frame, output, 0);
    int64_t start = zclock_usecs ();
    zloop_start (loop);
    fprintf (stderr, "%.0f ns an event\n", (zclock_usecs () - start) * 1e3 / (events? events: 1));
    zloop_destroy (&loop);
    _exit (0);
}
