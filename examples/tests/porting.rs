//! Compares docs/porting.md with what it is about: the C functions that the Guide calls.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]

const PAGE: &str = include_str!("../../docs/porting.md");

/// Every function and macro of libzmq, zhelpers.h and CZMQ 1.4 in the Guide's listings and snippets.
const FUNCTIONS: &str = "
    zmq_bind zmq_close zmq_connect zmq_ctx_destroy zmq_ctx_get zmq_ctx_new zmq_ctx_set zmq_getsockopt
    zmq_msg_close zmq_msg_copy zmq_msg_data zmq_msg_get zmq_msg_init zmq_msg_init_data zmq_msg_init_size
    zmq_msg_more zmq_msg_move zmq_msg_recv zmq_msg_send zmq_msg_size zmq_poll zmq_proxy zmq_recv zmq_send
    zmq_setsockopt zmq_socket zmq_strerror zmq_term zmq_version
    s_catch_signals s_clock s_console s_dump s_recv s_send s_sendmore s_set_id s_sleep
    zctx_destroy zctx_interrupted zctx_new zctx_set_iothreads zctx_set_linger zctx_shadow
    zsocket_bind zsocket_connect zsocket_destroy zsocket_new zsocket_poll zsocket_set_hwm
    zsocket_set_identity zsocket_set_subscribe zsocket_type_str
    zstr_recv zstr_recv_nowait zstr_send zstr_sendf zstr_sendm zstr_sendx
    zframe_data zframe_destroy zframe_dup zframe_eq zframe_more zframe_new zframe_print zframe_recv
    zframe_reset zframe_send zframe_size zframe_strdup zframe_streq zframe_strhex
    zmsg_add zmsg_addmem zmsg_addstr zmsg_content_size zmsg_destroy zmsg_dump zmsg_dup zmsg_first
    zmsg_last zmsg_load zmsg_new zmsg_next zmsg_pop zmsg_popstr zmsg_push zmsg_pushmem zmsg_pushstr
    zmsg_recv zmsg_remove zmsg_save zmsg_send zmsg_size zmsg_unwrap zmsg_wrap
    zloop_destroy zloop_new zloop_poller zloop_poller_end zloop_reader zloop_set_verbose zloop_start
    zloop_timer zloop_timer_end
    zthread_fork zthread_new zclock_log zclock_sleep zclock_time
    zfile_delete zfile_exists zfile_mkdir
    zlist_append zlist_destroy zlist_first zlist_new zlist_next zlist_pop zlist_push zlist_remove zlist_size
    zhash_delete zhash_destroy zhash_foreach zhash_freefn zhash_insert zhash_lookup zhash_new
    zmalloc randof srandom streq atoi sleep";

/// The page's rows: what is in C, and what is in Rust.
fn rows() -> Vec<(&'static str, &'static str)> {
    let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| "));
    rows.filter_map(|row| row.split_once(" | ")).collect()
}

/// Whether the name is in the text as a whole word.
fn names(text: &str, name: &str) -> bool {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == name)
}

#[test]
fn every_function_of_the_guide_has_its_row() {
    let rows = rows();
    let missing: Vec<_> = FUNCTIONS
        .split_whitespace()
        .filter(|function| !rows.iter().any(|(c, _)| names(c, function)))
        .collect();
    assert!(missing.is_empty(), "not in docs/porting.md: {missing:?}");
}

/// The programs that the page shows, whole, and in which order.
const LISTINGS: &[(&str, &str)] = &[
    ("lbbroker2", include_str!("../chapter3/lbbroker2.rs")),
    ("lbbroker3", include_str!("../chapter3/lbbroker3.rs")),
    ("asyncsrv", include_str!("../chapter3/asyncsrv.rs")),
];

#[test]
fn the_whole_programs_are_those_of_chapter_3() {
    let (_, programs) = PAGE.split_once("\n## Whole programs\n").expect("the page has them");
    let shown: Vec<_> = programs.split("\n### ").skip(1).collect();
    assert_eq!(shown.len(), LISTINGS.len());
    for (section, (name, program)) in shown.iter().zip(LISTINGS) {
        assert!(section.starts_with(name), "{name} is not where it should be");
        let parts = section.split("```rs\n").skip(1);
        let parts = parts.map(|part| part.split_once("\n```").expect("the block ends").0);
        let listing = parts.collect::<Vec<_>>().join("\n\n") + "\n";
        assert_eq!(listing, *program, "docs/porting.md does not show {name} as it is");
    }
}
