//! What shows a message: the cursor, and the printing.

use std::io::{self, Write};

use ref_cast::RefCast;
use zmqx::Result;

use super::ZMsg;
use crate::ZFrame;

/// How many frames [`ZMsg::dump`] shows.
const SHOWN: usize = 10;

impl ZMsg {
    /// Looks at the first frame, and sets the cursor to it.
    #[doc(alias = "zmsg_first")]
    #[inline]
    pub fn first(&self) -> Option<&ZFrame> {
        self.look(0)
    }

    /// Looks at the last frame, and sets the cursor to it.
    #[doc(alias = "zmsg_last")]
    #[inline]
    pub fn last(&self) -> Option<&ZFrame> {
        self.look(self.size().wrapping_sub(1))
    }

    /// Looks at the frame after the cursor, or at the first one where there is no cursor, and sets the cursor to it.
    /// After the last frame comes `None`, and then the first one again.
    #[doc(alias = "zmsg_next")]
    #[inline]
    pub fn next(&self) -> Option<&ZFrame> {
        self.look(self.cursor.next())
    }

    /// Looks at the frame at `index`, and sets the cursor to it.
    #[inline]
    fn look(&self, index: usize) -> Option<&ZFrame> {
        let frame = self.frames.get(index);
        self.cursor.set(frame.map(|_| index));
        frame.map(ZFrame::ref_cast)
    }

    /// Gives the first frame to change it, as by [`ZFrame::reset`], and sets the cursor to it.
    #[inline]
    pub fn first_mut(&mut self) -> Option<&mut ZFrame> {
        self.cursor.set((self.size() > 0).then_some(0));
        self.frames.first_mut().map(ZFrame::ref_cast_mut)
    }

    /// Gives the last frame to change it, as by [`ZFrame::reset`], and sets the cursor to it.
    ///
    /// ```
    /// let mut msg = czmq_like::ZMsg::from(["client", "", "READY"]);
    /// if let Some(frame) = msg.last_mut() {
    ///     frame.reset("OK");
    /// }
    /// assert_eq!(msg, ["client", "", "OK"]);
    /// ```
    #[inline]
    pub fn last_mut(&mut self) -> Option<&mut ZFrame> {
        self.cursor.set(self.size().checked_sub(1));
        self.frames.last_mut().map(ZFrame::ref_cast_mut)
    }

    /// Prints it on stderr: a line of 38 dashes, and a line of each of its first ten frames.
    ///
    /// The lines of frames are those of [`ZFrame::print`].
    #[doc(alias("zmsg_dump", "zmsg_print"))]
    pub fn dump(&self) {
        // As in C, what cannot be printed is lost.
        let _ = self.fprint(io::stderr().lock());
    }

    /// Prints it as [`dump`](Self::dump), to `file`.
    ///
    /// ```
    /// let mut text = Vec::new();
    /// czmq_like::ZMsg::from(["client", "", "Hello"]).fprint(&mut text)?;
    /// assert_eq!(
    ///     String::from_utf8_lossy(&text),
    ///     "--------------------------------------\n\
    ///      [006] client\n\
    ///      [000] \n\
    ///      [005] Hello\n"
    /// );
    /// # Ok::<(), zmqx::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - What writing to `file` gives.
    #[doc(alias = "zmsg_fprint")]
    pub fn fprint(&self, mut file: impl Write) -> Result<()> {
        let mut text = b"--------------------------------------\n".to_vec();
        for frame in self.iter().take(SHOWN) {
            frame.push_line(&mut text);
        }
        Ok(file.write_all(&text)?)
    }
}
