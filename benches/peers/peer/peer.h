/* What the peers that are written in C share, as src/lib.rs for those in Rust, which tells the usage. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

static char endpoint [256];
static size_t size;
static long count;
static char *payload;
static pthread_barrier_t start;
static long began;

typedef struct {
    const char *name;
    long (*run) (void);     //  Returns nanoseconds
} workload_t;

static void check (int ok, const char *what)
{
    if (!ok) {
        fprintf (stderr, "%s: %s\n", what, zmq_strerror (zmq_errno ()));
        exit (1);
    }
}

static long now (void)
{
    struct timespec time;
    clock_gettime (CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000L + time.tv_nsec;
}

/*  Runs the workload that the command line names, of those up to the one without a name; returns the exit code. */
static int run (int argc, char **argv, const workload_t *workload)
{
    if (argc == 2 && strcmp (argv [1], "version") == 0) {
        int major, minor, patch;
        zmq_version (&major, &minor, &patch);
        printf ("%d.%d.%d\n", major, minor, patch);
        return 0;
    }
    if (argc != 5)
        return 2;
    const char *transport = argv [2], *temporary = getenv ("TMPDIR");
    size = strtoul (argv [3], NULL, 10);
    count = atol (argv [4]);
    if (strcmp (transport, "ipc") == 0)
        snprintf (endpoint, sizeof endpoint, "ipc://%s/peer-%d", temporary? temporary: "/tmp", (int) getpid ());
    else
        strcpy (endpoint, strcmp (transport, "tcp") == 0? "tcp://127.0.0.1:*": "inproc://peer");
    while (workload->name && strcmp (workload->name, argv [1]))
        workload++;
    if (!workload->name) {
        puts ("unsupported");
        return 3;
    }
    payload = calloc (1, size + 1);
    // Pages that were never written to would all be one in memory, and quick to read.
    memset (payload, 'x', size);
    printf ("%ld\n", workload->run ());
    free (payload);
    return 0;
}
