//! What a test's process does on signals.

/// Has these signals do what they do by default, whoever started the test: `nohup` and a shell's `&` ignore some.
///
/// # Panics
///
/// Where one is no signal that can be caught.
pub fn restore_defaults(signals: &[i32]) {
    for &signal in signals {
        // SAFETY: SIG_DFL is no handler that could be called at a bad moment, and for any signal that has one.
        let former = unsafe { libc::signal(signal, libc::SIG_DFL) };
        assert_ne!(former, libc::SIG_ERR, "{signal} is no signal that can be caught");
    }
}
