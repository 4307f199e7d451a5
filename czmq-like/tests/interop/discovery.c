/*  The CZMQ side of tests/interop_discovery.rs: an actor of libczmq 4, zbeacon or zgossip, on standard input and output.

    Each line that comes is a message to the actor, a frame for each word. Each message of the actor's is a line, "> " and
    its frames, with spaces between. It ends with its input.  */

#include <czmq.h>

static void
tell (zactor_t *actor, char *line)
{
    zmsg_t *msg = zmsg_new ();
    char *word;
    for (word = strtok (line, " \n"); word; word = strtok (NULL, " \n"))
        zmsg_addstr (msg, word);
    zmsg_send (&msg, actor);
}

static void
show (zactor_t *actor)
{
    zmsg_t *msg = zmsg_recv (actor);
    if (!msg)
        exit (1);
    printf (">");
    char *text;
    while ((text = zmsg_popstr (msg)) != NULL) {
        printf (" %s", text);
        zstr_free (&text);
    }
    printf ("\n");
    fflush (stdout);
    zmsg_destroy (&msg);
}

int
main (int argc, char **argv)
{
    if (argc != 2)
        return 1;
    zactor_t *actor = zactor_new (streq (argv [1], "zbeacon")? zbeacon: zgossip, NULL);
    //  A line at a time: what is in no buffer, the poll sees.
    setvbuf (stdin, NULL, _IONBF, 0);
    while (true) {
        zmq_pollitem_t items [] = {
            { zsock_resolve (actor), 0, ZMQ_POLLIN, 0 },
            { NULL, fileno (stdin), ZMQ_POLLIN, 0 }
        };
        if (zmq_poll (items, 2, -1) == -1)
            break;
        if (items [0].revents & ZMQ_POLLIN)
            show (actor);
        if (items [1].revents) {
            char line [1000];
            if (!fgets (line, sizeof (line), stdin))
                break;
            tell (actor, line);
        }
    }
    zactor_destroy (&actor);
    return 0;
}
