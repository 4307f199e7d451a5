/* Careful C on libzmq, which the others are measured against. A zmq_msg_t that receives is reused.
   Usage: see ../peer/src/lib.rs. */
#include "../peer/peer.h"

static void *ctx;
static char last_endpoint [256];
static zmq_msg_t *owned;

static void *bound (int type)
{
    void *socket = zmq_socket (ctx, type);
    size_t length = sizeof last_endpoint;
    check (socket && zmq_bind (socket, endpoint) == 0, "bind");
    check (zmq_getsockopt (socket, ZMQ_LAST_ENDPOINT, last_endpoint, &length) == 0, "endpoint");
    return socket;
}

static void *connected (int type)
{
    void *socket = zmq_socket (ctx, type);
    check (socket && zmq_connect (socket, last_endpoint) == 0, "connect");
    return socket;
}

static void send_one (void *socket)
{
    zmq_msg_t message;
    if (owned) {
        zmq_msg_init (&message);
        zmq_msg_copy (&message, owned);
    }
    else {
        zmq_msg_init_size (&message, size);
        memcpy (zmq_msg_data (&message), payload, size);
    }
    check (zmq_msg_send (&message, socket, 0) != -1, "send");
}

static void recv_one (void *socket, zmq_msg_t *message)
{
    check (zmq_msg_recv (message, socket, 0) != -1 && zmq_msg_size (message) == size, "recv");
}

/*  One way, between two threads */
static void *sender (void *source)
{
    send_one (source);
    pthread_barrier_wait (&start);
    began = now ();
    for (long n = 0; n < count; n++)
        send_one (source);
    return NULL;
}

static long one_way (void)
{
    void *sink = bound (ZMQ_PULL), *source = connected (ZMQ_PUSH);
    pthread_t thread;
    zmq_msg_t received;
    zmq_msg_init (&received);
    pthread_barrier_init (&start, NULL, 2);
    pthread_create (&thread, NULL, sender, source);
    recv_one (sink, &received);
    pthread_barrier_wait (&start);
    for (long n = 0; n < count; n++)
        recv_one (sink, &received);
    long ended = now ();
    pthread_join (thread, NULL);
    zmq_msg_close (&received);
    zmq_close (source);
    zmq_close (sink);
    return ended - began;
}

/*  There and back, between two threads */
static void *replier (void *server)
{
    zmq_msg_t request;
    zmq_msg_init (&request);
    for (long n = 0; n <= count; n++) {
        recv_one (server, &request);
        send_one (server);
    }
    zmq_msg_close (&request);
    return NULL;
}

static long latency (void)
{
    void *server = bound (ZMQ_REP), *client = connected (ZMQ_REQ);
    pthread_t thread;
    zmq_msg_t reply;
    zmq_msg_init (&reply);
    pthread_create (&thread, NULL, replier, server);
    for (long n = 0; n <= count; n++) {
        if (n == 1)
            began = now ();
        send_one (client);
        recv_one (client, &reply);
    }
    long elapsed = now () - began;
    pthread_join (thread, NULL);
    zmq_msg_close (&reply);
    zmq_close (client);
    zmq_close (server);
    return elapsed;
}

/*  On one thread */
static long single (void)
{
    void *sink = bound (ZMQ_PAIR), *source = connected (ZMQ_PAIR);
    zmq_msg_t received;
    zmq_msg_init (&received);
    began = now ();
    for (long n = 0; n < count; n++) {
        send_one (source);
        recv_one (sink, &received);
    }
    long elapsed = now () - began;
    zmq_msg_close (&received);
    zmq_close (source);
    zmq_close (sink);
    return elapsed;
}

/*  Frame by frame, from one socket to another */
static size_t forward (void *from, void *to)
{
    size_t frames = 0;
    int more;
    zmq_msg_t frame;
    zmq_msg_init (&frame);
    do {
        check (zmq_msg_recv (&frame, from, 0) != -1, "recv");
        more = zmq_msg_more (&frame);
        check (zmq_msg_send (&frame, to, more? ZMQ_SNDMORE: 0) != -1, "send");
        frames++;
    } while (more);
    zmq_msg_close (&frame);
    return frames;
}

static long multipart (void)
{
    void *one = bound (ZMQ_PAIR), *other = connected (ZMQ_PAIR);
    for (size_t frame = 1; frame <= size; frame++)
        check (zmq_send (one, "0123456789ABCDEF", 16, frame < size? ZMQ_SNDMORE: 0) != -1, "send");
    began = now ();
    for (long n = 0; n < count; n += 2)
        check (forward (other, other) == size && forward (one, one) == size, "frames");
    long elapsed = now () - began;
    zmq_close (one);
    zmq_close (other);
    return elapsed;
}

static long broker (void)
{
    void *frontend = bound (ZMQ_ROUTER), *client = connected (ZMQ_DEALER);
    strcat (endpoint, "-backend");
    void *backend = bound (ZMQ_DEALER), *worker = connected (ZMQ_DEALER);
    zmq_msg_t reply;
    zmq_msg_init (&reply);
    began = now ();
    for (long n = 0; n < count; n++) {
        send_one (client);
        forward (frontend, backend);
        forward (worker, worker);
        forward (backend, frontend);
        recv_one (client, &reply);
    }
    long elapsed = now () - began;
    zmq_msg_close (&reply);
    zmq_close (client);
    zmq_close (worker);
    zmq_close (frontend);
    zmq_close (backend);
    return elapsed;
}

/*  zmq_poll, and a look at every socket and every timer: one socket is active, the rest is idle. */
static long loop (size_t readers, size_t timers)
{
    zmq_ctx_set (ctx, ZMQ_MAX_SOCKETS, 4096);
    void *output = bound (ZMQ_PAIR), *input = connected (ZMQ_PAIR);
    zmq_pollitem_t *items = calloc (readers, sizeof *items);
    long *due = calloc (timers + 1, sizeof *due);
    for (size_t n = 0; n < readers; n++) {
        items [n].socket = n + 1 < readers? zmq_socket (ctx, ZMQ_PULL): input;
        items [n].events = ZMQ_POLLIN;
    }
    for (size_t n = 0; n < timers; n++)
        due [n] = now () + 1000000000000L;
    check (zmq_send (output, "0123456789ABCDEF", 16, 0) != -1, "send");
    zmq_msg_t frame;
    zmq_msg_init (&frame);
    began = now ();
    for (long event = 0; event < count; ) {
        long timeout = -1;
        if (timers) {
            long next = due [0];
            for (size_t n = 1; n < timers; n++)
                if (due [n] < next)
                    next = due [n];
            timeout = (next - now ()) / 1000000;
        }
        check (zmq_poll (items, (int) readers, timeout) != -1, "poll");
        for (size_t n = 0; n < readers; n++)
            if (items [n].revents & ZMQ_POLLIN) {
                check (zmq_msg_recv (&frame, items [n].socket, 0) != -1, "recv");
                check (zmq_msg_send (&frame, output, 0) != -1, "send");
                event++;
            }
        if (timers) {
            long time = now ();
            for (size_t n = 0; n < timers; n++)
                check (due [n] > time, "timer");
        }
    }
    long elapsed = now () - began;
    zmq_msg_close (&frame);
    for (size_t n = 0; n < readers; n++)
        zmq_close (items [n].socket);
    zmq_close (output);
    free (due);
    free (items);
    return elapsed;
}

static long one_way_owned (void)
{
    zmq_msg_t message;
    zmq_msg_init_size (&message, size);
    memcpy (zmq_msg_data (&message), payload, size);
    owned = &message;
    long elapsed = one_way ();
    zmq_msg_close (&message);
    return elapsed;
}

static long readers (void)
{
    return loop (size, 0);
}

static long timers (void)
{
    return loop (1, size);
}

int main (int argc, char **argv)
{
    static const workload_t workloads [] = {
        { "send", one_way }, { "owned", one_way_owned }, { "latency", latency }, { "single", single },
        { "multipart", multipart }, { "broker", broker }, { "broker-multipart", broker }, { "readers", readers },
        { "timers", timers }, { NULL, NULL }
    };
    ctx = zmq_ctx_new ();
    int code = run (argc, argv, workloads);
    zmq_ctx_term (ctx);
    return code;
}
