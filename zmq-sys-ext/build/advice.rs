//! What to do where there is no libzmq.

/// The packages that have libzmq's header, its libzmq.pc, and pkg-config.
const PACKAGES: &str = "\
    Debian, Ubuntu  apt install libzmq3-dev pkg-config
    Fedora          dnf install zeromq-devel pkgconf-pkg-config
    Alpine          apk add zeromq-dev pkgconf
    Arch Linux      pacman -S zeromq pkgconf
    Homebrew        brew install zeromq pkgconf";

/// No libzmq, for the reason `why`, and how to get one.
pub(crate) fn not_found(why: &str, no_vendor: bool) -> String {
    let build_it = if no_vendor {
        "ZMQ_NO_VENDOR is set, so that features `vendored` and `fallback` build none from source."
    } else {
        "Or enable feature `vendored`, which builds libzmq 4.3.5 from source,\n\
         or feature `fallback`, which does so only where none is found."
    };
    format!(
        "No libzmq: {why}\n\n\
         Install libzmq with its development files,\n{PACKAGES}\n\
         or set ZMQ_LIB_DIR to the library's directory, and ZMQ_INCLUDE_DIR to that of zmq.h.\n\
         {build_it}"
    )
}

/// The program pkg-config cannot be run.
pub(crate) fn no_pkg_config(command: &str, cause: &str) -> String {
    let program =
        command.split_whitespace().find(|word| !word.contains('=')).unwrap_or("pkg-config");
    format!(
        "the program pkg-config, which knows where libzmq is, cannot be run.\n\
         `{program}`: {cause}.\n\
         It is searched for in PATH; the variable PKG_CONFIG gives another name for it."
    )
}

/// pkg-config will not answer for another machine than this one.
pub(crate) fn cross_compiling() -> String {
    "pkg-config is not set up for the machine that is built for.\n\
     Set PKG_CONFIG_SYSROOT_DIR and PKG_CONFIG_LIBDIR, or PKG_CONFIG to one for that machine."
        .to_owned()
}
