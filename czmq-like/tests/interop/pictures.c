/*  The CZMQ side of tests/interop_pictures.rs: what it sends there by pictures is what it expects from there.  */

#include <czmq.h>

static void
expect (bool holds, const char *what)
{
    if (!holds) {
        fprintf (stderr, "pictures: %s\n", what);
        exit (1);
    }
}

static zuuid_t *
s_uuid (void)
{
    zuuid_t *uuid = zuuid_new ();
    zuuid_set_str (uuid, "000102030405060708090A0B0C0D0E0F");
    return uuid;
}

static zmsg_t *
s_rest (void)
{
    zmsg_t *rest = zmsg_new ();
    zmsg_addstr (rest, "frame 1");
    zmsg_addstr (rest, "");
    zmsg_addstr (rest, "frame 3");
    return rest;
}

static bool
s_is (zchunk_t *chunk, const char *text)
{
    return chunk && zchunk_size (chunk) == strlen (text)
        && memcmp (zchunk_data (chunk), text, strlen (text)) == 0;
}

static void
s_send (zsock_t *peer)
{
    zhashx_t *hash = zhashx_new ();
    zhashx_insert (hash, "1", "value A");
    zhashx_insert (hash, "key", "");
    zchunk_t *chunk = zchunk_new ("HELLO", 5);
    zframe_t *frame = zframe_new ("WORLD", 5);
    zuuid_t *uuid = s_uuid ();
    zmsg_t *rest = s_rest ();
    expect (zsock_send (peer, "i124488uzsbcfhUpm", -12345, 123, 15129, 1860867, UINT32_MAX,
        (uint64_t) 228886641, UINT64_MAX, 4000000000u, "This is a string", "ABCDE", 5, chunk, frame,
        hash, uuid, (void *) 0x1234, rest) == 0, "not sent");
    expect (zsock_bsend (peer, "1248sSpcufm", 123, 15129, 1860867, (uint64_t) 228886641,
        "Hello, World", "Goodbye cruel World!", (void *) 0x1234, chunk, uuid, frame, rest) == 0,
        "not sent in the binary form");
    expect (zsock_send (peer, "i", -1) == 0, "no short message sent");
    zhashx_destroy (&hash);
    zchunk_destroy (&chunk);
    zframe_destroy (&frame);
    zuuid_destroy (&uuid);
    zmsg_destroy (&rest);
}

static void
s_recv (zsock_t *peer)
{
    int integer;
    uint8_t number1;
    uint16_t number2;
    uint32_t number4, number4_max;
    uint64_t number8, number8_max;
    uint number;
    char *string, *longstr;
    byte *data;
    size_t size;
    zchunk_t *chunk;
    zframe_t *frame;
    zhashx_t *hash;
    zuuid_t *uuid, *expected = s_uuid ();
    void *pointer;
    zmsg_t *rest, *expected_rest = s_rest ();
    expect (zsock_recv (peer, "i124488uzsbcfhUpm", &integer, &number1, &number2, &number4,
        &number4_max, &number8, &number8_max, &number, &string, &data, &size, &chunk, &frame, &hash,
        &uuid, &pointer, &rest) == 0, "not received");
    expect (integer == -12345 && number1 == 123 && number2 == 15129 && number4 == 1860867
        && number4_max == UINT32_MAX && number8 == 228886641 && number8_max == UINT64_MAX
        && number == 4000000000u, "other numbers");
    expect (streq (string, "This is a string"), "another string");
    expect (size == 5 && memcmp (data, "ABCDE", 5) == 0, "other bytes");
    expect (s_is (chunk, "HELLO"), "another chunk");
    expect (zframe_streq (frame, "WORLD"), "another frame");
    expect (zhashx_size (hash) == 2 && streq (zhashx_lookup (hash, "1"), "value A")
        && streq (zhashx_lookup (hash, "key"), ""), "another dictionary");
    expect (zuuid_eq (uuid, zuuid_data (expected)), "another UUID");
    expect (pointer == (void *) 0x1234, "another pointer");
    expect (zmsg_eq (rest, expected_rest), "another rest");

    expect (zsock_brecv (peer, "1248sSpcufm", &number1, &number2, &number4, &number8, &string,
        &longstr, &pointer, &chunk, &uuid, &frame, &rest) == 0, "not received in the binary form");
    expect (number1 == 123 && number2 == 15129 && number4 == 1860867 && number8 == 228886641,
        "other numbers in the binary form");
    expect (streq (string, "Hello, World"), "another string in the binary form");
    expect (streq (longstr, "Goodbye cruel World!"), "another long string");
    expect (pointer == (void *) 0x1234, "another pointer in the binary form");
    expect (s_is (chunk, "HELLO"), "another chunk in the binary form");
    expect (zuuid_eq (uuid, zuuid_data (expected)), "another UUID in the binary form");
    expect (zframe_streq (frame, "WORLD"), "another frame in the binary form");
    expect (zmsg_eq (rest, expected_rest), "another rest in the binary form");

    expect (zsock_recv (peer, "is", &integer, &string) == 0, "no short message received");
    expect (integer == -1 && string == NULL, "another short message");
}

int
main (int argc, char **argv)
{
    expect (argc == 2, "usage: pictures ENDPOINT");
    zsock_t *peer = zsock_new_pair (argv [1]);
    expect (peer != NULL, "no socket");
    zsock_set_linger (peer, 10000);
    s_send (peer);
    s_recv (peer);
    expect (zsock_signal (peer, 123) == 0, "not signalled");
    expect (zsock_wait (peer) == 45, "another signal");
    zsock_destroy (&peer);
    return 0;
}
