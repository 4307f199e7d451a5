/*  The CZMQ side of tests/interop.rs: does with libczmq 4 what its arguments say, and fails where that does.

    A message is named by its frames: t12 is 12 bytes of text, b300 is 300 bytes of any value.  */

#include <czmq.h>

static void
fill (byte *data, size_t size, char kind)
{
    size_t nbr;
    for (nbr = 0; nbr < size; nbr++)
        data [nbr] = kind == 't'? (byte) ('a' + nbr % 26): (byte) (nbr * 31 + 200);
}

static zmsg_t *
named (int argc, char **argv)
{
    zmsg_t *msg = zmsg_new ();
    int arg;
    for (arg = 0; arg < argc; arg++) {
        zframe_t *frame = zframe_new (NULL, (size_t) atol (argv [arg] + 1));
        fill (zframe_data (frame), zframe_size (frame), argv [arg][0]);
        zmsg_append (msg, &frame);
    }
    return msg;
}

static void
expect (bool holds, const char *what)
{
    if (!holds) {
        fprintf (stderr, "peer: %s\n", what);
        exit (1);
    }
}

//  Sends back each message that comes, with one frame put before it, and ends after an empty one of one frame.
static void
echo (const char *endpoint)
{
    zsock_t *socket = zsock_new_pair (endpoint);
    expect (socket != NULL, "no socket");
    bool more = true;
    while (more) {
        zmsg_t *msg = zmsg_recv (socket);
        expect (msg != NULL, "nothing received");
        more = zmsg_content_size (msg) > 0 || zmsg_size (msg) > 1;
        zmsg_pushstr (msg, "echo");
        expect (zmsg_send (&msg, socket) == 0, "not sent");
    }
    //  The answer to the last one goes out first.
    zsock_set_linger (socket, 10000);
    zsock_destroy (&socket);
}

int
main (int argc, char **argv)
{
    expect (argc >= 3, "too few arguments");
    const char *task = argv [1];
    if (streq (task, "echo")) {
        echo (argv [2]);
        return 0;
    }
    zmsg_t *msg = named (argc - 3, argv + 3);
    bool reads = streq (task, "load") || streq (task, "decode");
    FILE *file = fopen (argv [2], reads? "rb": "wb");
    expect (file != NULL, "no such file");

    if (streq (task, "save"))
        expect (zmsg_save (msg, file) == 0, "not saved");
    else
    if (streq (task, "save-partly"))
        //  zmsg_save of CZMQ 4.2 fails at an empty frame, when it has written its length.
        (void) zmsg_save (msg, file);
    else
    if (streq (task, "load")) {
        zmsg_t *loaded = zmsg_load (file);
        expect (loaded && zmsg_eq (loaded, msg), "another message loaded");
        zmsg_destroy (&loaded);
    }
    else
    if (streq (task, "encode")) {
        zframe_t *frame = zmsg_encode (msg);
        size_t size = zframe_size (frame);
        expect (fwrite (zframe_data (frame), 1, size, file) == size, "not written");
        zframe_destroy (&frame);
    }
    else
    if (streq (task, "decode")) {
        zchunk_t *chunk = zchunk_read (file, 10000000);
        zframe_t *frame = zframe_new (zchunk_data (chunk), zchunk_size (chunk));
        zmsg_t *decoded = zmsg_decode (frame);
        expect (decoded && zmsg_eq (decoded, msg), "another message decoded");
        zmsg_destroy (&decoded);
        zframe_destroy (&frame);
        zchunk_destroy (&chunk);
    }
    else
    if (streq (task, "print"))
        zmsg_fprint (msg, file);
    else
    if (streq (task, "hex")) {
        char *hex = zframe_strhex (zmsg_first (msg));
        fputs (hex, file);
        zstr_free (&hex);
    }
    else
        expect (false, "no such task");

    zmsg_destroy (&msg);
    expect (fclose (file) == 0, "not closed");
    return 0;
}
