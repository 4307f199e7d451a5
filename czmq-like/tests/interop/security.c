/*  The CZMQ side of tests/interop_security.rs: does with libczmq 4 what its arguments say, prints what comes of it, and
    fails where that does.  */

#include <czmq.h>

static void
expect (bool holds, const char *what)
{
    if (!holds) {
        fprintf (stderr, "security: %s\n", what);
        exit (1);
    }
}

//  Makes a certificate with metadata, and saves both of its files.
static void
make (const char *filename, char **meta)
{
    zcert_t *cert = zcert_new ();
    for (; meta [0]; meta += 2)
        zcert_set_meta (cert, meta [0], "%s", meta [1]);
    expect (zcert_save (cert, filename) == 0, "not saved");
    printf ("%s\n%s\n", zcert_public_txt (cert), zcert_secret_txt (cert));
    zcert_destroy (&cert);
}

//  Prints a certificate: both keys, and what its metadata says under these names.
static void
load (const char *filename, char **names)
{
    zcert_t *cert = zcert_load (filename);
    expect (cert != NULL, "not loaded");
    printf ("%s\n%s\n", zcert_public_txt (cert), zcert_secret_txt (cert));
    for (; *names; names++)
        printf ("%s\n", zcert_meta (cert, *names));
    zcert_destroy (&cert);
}

//  Prints what a store knows as the name of each key's owner.
static void
lookup (const char *location, char **keys)
{
    zcertstore_t *store = zcertstore_new (location);
    for (; *keys; keys++) {
        zcert_t *cert = zcertstore_lookup (store, *keys);
        puts (cert? zcert_meta (cert, "name"): "(unknown)");
    }
    zcertstore_destroy (&store);
}

//  Reads a tree, and writes it as it is.
static void
rewrite (const char *filename, const char *other)
{
    zconfig_t *root = zconfig_load (filename);
    if (root)
        expect (zconfig_save (root, other) == 0, "not saved");
    else
        puts ("(refused)");
    zconfig_destroy (&root);
}

//  Guards a server by zauth, and prints who has sent what, until that is "END".
static void
serve (const char *location, const char *passwords, const char *mechanism)
{
    zactor_t *auth = zactor_new (zauth, NULL);
    zstr_sendx (auth, "CURVE", location, NULL);
    expect (zsock_wait (auth) == 0, "no CURVE");
    zstr_sendx (auth, "PLAIN", passwords, NULL);
    expect (zsock_wait (auth) == 0, "no PLAIN");
    zsock_t *server = zsock_new (ZMQ_PULL);
    zcert_t *cert = zcert_new ();
    zsock_set_zap_domain (server, "global");
    if (streq (mechanism, "CURVE")) {
        zcert_apply (cert, server);
        zsock_set_curve_server (server, 1);
    }
    else
        zsock_set_plain_server (server, 1);
    printf ("%d\n%s\n", zsock_bind (server, "tcp://127.0.0.1:*"), zcert_public_txt (cert));
    fflush (stdout);
    bool more = true;
    while (more) {
        zframe_t *frame = zframe_recv (server);
        expect (frame != NULL, "nothing received");
        more = !zframe_streq (frame, "END");
        char *text = zframe_strdup (frame);
        const char *name = zframe_meta (frame, "name");
        printf ("%s %s %s\n", text, zframe_meta (frame, "User-Id"), name? name: "(none)");
        fflush (stdout);
        zstr_free (&text);
        zframe_destroy (&frame);
    }
    zcert_destroy (&cert);
    zsock_destroy (&server);
    zactor_destroy (&auth);
}

//  Says a word to a server, with a certificate, or with a name and password.
static void
say (const char *endpoint, const char *word, const char *mechanism, const char *one, const char *other)
{
    zsock_t *client = zsock_new (ZMQ_PUSH);
    if (streq (mechanism, "CURVE")) {
        zcert_t *cert = zcert_load (one);
        expect (cert != NULL, "not loaded");
        zcert_apply (cert, client);
        zsock_set_curve_serverkey (client, other);
        zcert_destroy (&cert);
    }
    else {
        zsock_set_plain_username (client, one);
        zsock_set_plain_password (client, other);
    }
    expect (zsock_connect (client, "%s", endpoint) == 0, "not connected");
    //  What is not let in says nothing.
    zsock_set_sndtimeo (client, 1000);
    zstr_send (client, word);
    zsock_set_linger (client, 1000);
    zsock_destroy (&client);
}

int
main (int argc, char **argv)
{
    expect (argc >= 3, "too few arguments");
    const char *task = argv [1];
    if (streq (task, "make"))
        make (argv [2], argv + 3);
    else
    if (streq (task, "load"))
        load (argv [2], argv + 3);
    else
    if (streq (task, "lookup"))
        lookup (argv [2], argv + 3);
    else
    if (streq (task, "rewrite") && argc == 4)
        rewrite (argv [2], argv [3]);
    else
    if (streq (task, "serve") && argc == 5)
        serve (argv [2], argv [3], argv [4]);
    else
    if (streq (task, "say") && argc == 7)
        say (argv [2], argv [3], argv [4], argv [5], argv [6]);
    else
        expect (false, "no such task");
    return 0;
}
