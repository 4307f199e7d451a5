/* C on CZMQ: frames are zframes, messages are zmsgs, and zloop waits. Usage: see ../peer/src/lib.rs. */
#include <czmq.h>

#include "../peer/peer.h"

static const char *last_endpoint;

static zsock_t *bound (int type)
{
    zsock_t *socket = zsock_new (type);
    check (socket && zsock_bind (socket, "%s", endpoint) != -1, "bind");
    last_endpoint = zsock_endpoint (socket);
    return socket;
}

static zsock_t *connected (int type)
{
    zsock_t *socket = zsock_new (type);
    check (socket && zsock_connect (socket, "%s", last_endpoint) == 0, "connect");
    return socket;
}

static void send_one (zsock_t *socket)
{
    zframe_t *frame = zframe_new (payload, size);
    check (zframe_send (&frame, socket, 0) == 0, "send");
}

static void recv_one (zsock_t *socket)
{
    zframe_t *frame = zframe_recv (socket);
    check (frame && zframe_size (frame) == size, "recv");
    zframe_destroy (&frame);
}

/*  One way, between two threads */
static void sender (zsock_t *pipe, void *source)
{
    zsock_signal (pipe, 0);
    send_one (source);
    pthread_barrier_wait (&start);
    began = now ();
    for (long n = 0; n < count; n++)
        send_one (source);
}

static long one_way (void)
{
    zsock_t *sink = bound (ZMQ_PULL), *source = connected (ZMQ_PUSH);
    pthread_barrier_init (&start, NULL, 2);
    zactor_t *actor = zactor_new (sender, source);
    recv_one (sink);
    pthread_barrier_wait (&start);
    for (long n = 0; n < count; n++)
        recv_one (sink);
    long ended = now ();
    zactor_destroy (&actor);
    zsock_destroy (&source);
    zsock_destroy (&sink);
    return ended - began;
}

/*  There and back, between two threads */
static void replier (zsock_t *pipe, void *server)
{
    zsock_signal (pipe, 0);
    for (long n = 0; n <= count; n++) {
        zframe_t *frame = zframe_recv (server);
        check (frame && zframe_send (&frame, server, 0) == 0, "reply");
    }
}

static long latency (void)
{
    zsock_t *server = bound (ZMQ_REP), *client = connected (ZMQ_REQ);
    zactor_t *actor = zactor_new (replier, server);
    for (long n = 0; n <= count; n++) {
        if (n == 1)
            began = now ();
        send_one (client);
        recv_one (client);
    }
    long elapsed = now () - began;
    zactor_destroy (&actor);
    zsock_destroy (&client);
    zsock_destroy (&server);
    return elapsed;
}

/*  On one thread */
static long single (void)
{
    zsock_t *sink = bound (ZMQ_PAIR), *source = connected (ZMQ_PAIR);
    began = now ();
    for (long n = 0; n < count; n++) {
        send_one (source);
        recv_one (sink);
    }
    long elapsed = now () - began;
    zsock_destroy (&source);
    zsock_destroy (&sink);
    return elapsed;
}

/*  From one socket to another, frame by frame or whole */
static void forward (zsock_t *from, zsock_t *to)
{
    int more;
    do {
        zframe_t *frame = zframe_recv (from);
        check (frame != NULL, "recv");
        more = zframe_more (frame);
        check (zframe_send (&frame, to, more? ZFRAME_MORE: 0) == 0, "send");
    } while (more);
}

static void forward_multipart (zsock_t *from, zsock_t *to)
{
    zmsg_t *msg = zmsg_recv (from);
    check (msg && zmsg_send (&msg, to) == 0, "message");
}

static long multipart (void)
{
    zsock_t *one = bound (ZMQ_PAIR), *other = connected (ZMQ_PAIR);
    zmsg_t *msg = zmsg_new ();
    for (size_t frame = 0; frame < size; frame++)
        zmsg_addstr (msg, "0123456789ABCDEF");
    zmsg_send (&msg, one);
    began = now ();
    for (long n = 0; n < count; n += 2) {
        forward_multipart (other, other);
        forward_multipart (one, one);
    }
    long elapsed = now () - began;
    zsock_destroy (&one);
    zsock_destroy (&other);
    return elapsed;
}

static long broker_by (void (*pass) (zsock_t *from, zsock_t *to))
{
    zsock_t *frontend = bound (ZMQ_ROUTER), *client = connected (ZMQ_DEALER);
    strcat (endpoint, "-backend");
    zsock_t *backend = bound (ZMQ_DEALER), *worker = connected (ZMQ_DEALER);
    began = now ();
    for (long n = 0; n < count; n++) {
        send_one (client);
        pass (frontend, backend);
        pass (worker, worker);
        pass (backend, frontend);
        recv_one (client);
    }
    long elapsed = now () - began;
    zsock_destroy (&client);
    zsock_destroy (&worker);
    zsock_destroy (&frontend);
    zsock_destroy (&backend);
    return elapsed;
}

static long broker (void)
{
    return broker_by (forward);
}

static long broker_multipart (void)
{
    return broker_by (forward_multipart);
}

/*  zloop: one socket is active, the rest is idle, and no timer is due. */
static int active (zloop_t *loop, zsock_t *input, void *output)
{
    (void) loop;
    zframe_t *frame = zframe_recv (input);
    if (count-- == 0) {
        zframe_destroy (&frame);
        return -1;
    }
    return zframe_send (&frame, output, 0);
}

static int idle (zloop_t *loop, zsock_t *input, void *arg)
{
    (void) loop; (void) input; (void) arg;
    return 0;
}

static int timer (zloop_t *loop, int timer_id, void *arg)
{
    (void) loop; (void) timer_id; (void) arg;
    return 0;
}

static long reactor (size_t readers, size_t timers)
{
    zsys_set_max_sockets (4096);
    zsock_t *output = bound (ZMQ_PAIR), *input = connected (ZMQ_PAIR);
    zlist_t *sockets = zlist_new ();
    zloop_t *loop = zloop_new ();
    for (size_t n = 1; n < readers; n++) {
        zlist_append (sockets, zsock_new (ZMQ_PULL));
        zloop_reader (loop, zlist_last (sockets), idle, NULL);
    }
    zloop_reader (loop, input, active, output);
    for (size_t n = 0; n < timers; n++)
        zloop_timer (loop, 1000000, 0, timer, NULL);
    zstr_send (output, "0123456789ABCDEF");
    began = now ();
    zloop_start (loop);
    long elapsed = now () - began;
    zloop_destroy (&loop);
    zsock_t *socket;
    while ((socket = zlist_pop (sockets)))
        zsock_destroy (&socket);
    zlist_destroy (&sockets);
    zsock_destroy (&input);
    zsock_destroy (&output);
    return elapsed;
}

static long readers (void)
{
    return reactor (size, 0);
}

static long timers (void)
{
    return reactor (1, size);
}

/*  What is no row of the peers' tables, and ci/instructions compares with */
static long string (void)
{
    zsock_t *sink = bound (ZMQ_PAIR), *source = connected (ZMQ_PAIR);
    memset (payload, ' ', size);
    began = now ();
    for (long n = 0; n < count; n++) {
        check (zstr_send (source, payload) == 0, "send");
        char *string = zstr_recv (sink);
        check (string && strlen (string) == size, "recv");
        zstr_free (&string);
    }
    long elapsed = now () - began;
    zsock_destroy (&source);
    zsock_destroy (&sink);
    return elapsed;
}

/*  Each timer that fires adds the next, beside an idle reader. */
static int fired (zloop_t *loop, int timer_id, void *arg)
{
    (void) timer_id; (void) arg;
    if (--count <= 0)
        return -1;
    return zloop_timer (loop, 0, 1, fired, NULL) == -1? -1: 0;
}

static long relay (void)
{
    zsock_t *input = bound (ZMQ_PULL);
    zloop_t *loop = zloop_new ();
    zloop_reader (loop, input, idle, NULL);
    for (size_t n = 0; n < size; n++)
        zloop_timer (loop, 10000000, 1, timer, NULL);
    zloop_timer (loop, 0, 1, fired, NULL);
    began = now ();
    zloop_start (loop);
    long elapsed = now () - began;
    zloop_destroy (&loop);
    zsock_destroy (&input);
    return elapsed;
}

/*  An actor that echoes so many frames */
static void echo (zsock_t *pipe, void *frames)
{
    zsock_signal (pipe, 0);
    for (long left = *(long *) frames; left > 0; left--) {
        zframe_t *frame = zframe_recv (pipe);
        check (frame && zframe_send (&frame, pipe, 0) == 0, "echo");
    }
}

static void round_trip (zactor_t *actor)
{
    zstr_send (actor, "frame");
    zframe_t *frame = zframe_recv (actor);
    check (frame != NULL, "recv");
    zframe_destroy (&frame);
}

static long pipe_round_trip (void)
{
    zactor_t *actor = zactor_new (echo, &count);
    began = now ();
    for (long n = 0; n < count; n++)
        round_trip (actor);
    long elapsed = now () - began;
    zactor_destroy (&actor);
    return elapsed;
}

static long fork_round_trip (void)
{
    long frames = 1;
    began = now ();
    for (long n = 0; n < count; n++) {
        zactor_t *actor = zactor_new (echo, &frames);
        round_trip (actor);
        zactor_destroy (&actor);
    }
    return now () - began;
}

int main (int argc, char **argv)
{
    static const workload_t workloads [] = {
        { "send", one_way }, { "latency", latency }, { "single", single }, { "multipart", multipart },
        { "broker", broker }, { "broker-multipart", broker_multipart }, { "readers", readers }, { "timers", timers },
        { "string", string }, { "timer", relay }, { "pipe", pipe_round_trip }, { "fork", fork_round_trip },
        { NULL, NULL }
    };
    return run (argc, argv, workloads);
}
