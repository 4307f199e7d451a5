//! The macros that make the methods, their docs and the table of one list of rows.

/// Makes `ROWS`, and the methods, of rows that are sorted by their C names.
///
/// A row is: docs, name, how the value is encoded, the methods, the kinds (`all` or a list), the first libzmq that
/// has it, and what that must be built with. The numbers are those of a module `numbers`. Where there is a getter and
/// a setter, the docs go on after "Returns" and "Sets"; where there is one method, or another module has it, they are
/// the whole.
macro_rules! options {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident $(as $codec:ident)? { $($methods:tt)* } $kinds:tt $since:literal $($needs:ident)?;
    )+) => {
        $(
            pub(super) const $name: $crate::options::OptionInfo = $crate::options::OptionInfo {
                name: stringify!($name),
                number: numbers::$name,
                since: $crate::options::access::version_of($since),
                is_draft: $crate::options::access::is_draft($since),
                kinds: kinds!($kinds),
                needs: needs!($($needs)?),
                readable: is_readable!($($methods)*),
                writable: is_writable!($($methods)*),
            };
            option! { $name $since $kinds [$($doc),+] $($codec)? { $($methods)* } }
        )+

        pub(super) const ROWS: &[$crate::options::OptionInfo] = &[$($name),+];
    };
}

/// Makes the methods of one row.
macro_rules! option {
    (
        $name:ident $since:literal $kinds:tt [$first:literal $(, $doc:literal)*]
        $codec:ident { $get:ident() -> $got:ty, $set:ident($value:ty) }
    ) => {
        option! {
            $name $since $kinds [concat!("Returns", $first) $(, $doc)*] $codec { $get() -> $got }
        }
        option! {
            $name $since $kinds [concat!("Sets", $first) $(, $doc)*] $codec { $set($value) }
        }
    };
    (
        $name:ident $since:literal $kinds:tt [$($doc:expr),+]
        $codec:ident { $get:ident() -> $got:ty }
    ) => {
        impl<K: $crate::kind::Kind> $crate::socket::Socket<K> {
            $(#[doc = $doc])+
            #[doc = ""]
            #[doc = for_kinds!($kinds)]
            #[doc = ""]
            #[doc = corresponds!($name, $since, "zmq_getsockopt")]
            ///
            /// # Errors
            ///
            /// - [`Unsupported`](crate::ErrorKind::Unsupported): the libzmq that runs does not have the option.
            /// - [`Terminated`](crate::ErrorKind::Terminated): the context was shut down.
            pub fn $get(&self) -> $crate::error::Result<$got> {
                $crate::options::access::get::<$got, $crate::options::value::$codec>(&self.core, &$name)
            }
        }
    };
    (
        $name:ident $since:literal $kinds:tt [$($doc:expr),+]
        $codec:ident { $set:ident($value:ty) }
    ) => {
        impl<K: $crate::kind::Kind> $crate::socket::Socket<K> {
            $(#[doc = $doc])+
            #[doc = ""]
            #[doc = for_kinds!($kinds)]
            #[doc = ""]
            #[doc = corresponds!($name, $since, "zmq_setsockopt")]
            ///
            /// # Errors
            ///
            /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): the value is out of range, or the option is not one
            ///   of this kind of socket.
            /// - [`Unsupported`](crate::ErrorKind::Unsupported): the libzmq that runs does not have the option.
            /// - [`Terminated`](crate::ErrorKind::Terminated): the context was shut down.
            pub fn $set(&self, value: $value) -> $crate::error::Result<()> {
                use $crate::options::value::Encode as _;
                let value = $crate::options::value::$codec::encode(&value);
                $crate::options::access::set(&self.core, &$name, value)
            }
        }
    };
    // The setter is written elsewhere.
    (
        $name:ident $since:literal $kinds:tt $doc:tt
        $codec:ident { $get:ident() -> $got:ty; $set:ident }
    ) => {
        option! { $name $since $kinds $doc $codec { $get() -> $got } }
    };
    // All of it is written elsewhere, or nowhere.
    ($name:ident $since:literal $kinds:tt [$($doc:expr),+] { $($elsewhere:tt)* }) => {};
}

macro_rules! corresponds {
    ($name:ident, $since:literal, $page:literal) => {
        concat!(
            "Corresponds to ",
            stringify!($name),
            " of [`",
            $page,
            "(3)`](https://libzmq.readthedocs.io/en/latest/",
            $page,
            ".html). Since libzmq ",
            $since,
            "."
        )
    };
}

macro_rules! for_kinds {
    (all) => {
        ""
    };
    ([$first:ident $($kind:ident)* $(; $($draft:ident)+)?]) => {
        concat!(
            "For sockets of kind [`", stringify!($first), "`](crate::", stringify!($first), ")",
            $(", [`", stringify!($kind), "`](crate::", stringify!($kind), ")",)*
            $($(", `", stringify!($draft), "`",)+ " (the last ", "with feature `draft`)",)?
            "."
        )
    };
}

macro_rules! kinds {
    (all) => {
        $crate::kind::SocketKind::ALL
    };
    ([$($kind:ident)* $(; $($draft:ident)+)?]) => {
        &[
            $($crate::kind::SocketKind::$kind,)*
            $($(#[cfg(feature = "draft")] $crate::kind::SocketKind::$draft,)+)?
        ]
    };
}

macro_rules! needs {
    () => {
        None
    };
    ($needs:ident) => {
        Some($crate::version::Capability::$needs)
    };
}

macro_rules! is_readable {
    ($get:ident() $($rest:tt)*) => {
        true
    };
    ($($rest:tt)*) => {
        false
    };
}

macro_rules! is_writable {
    () => {
        false
    };
    ($get:ident() -> $got:ty) => {
        false
    };
    ($($rest:tt)*) => {
        true
    };
}
