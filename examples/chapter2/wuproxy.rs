//! Weather proxy device.

use zmqx::{Context, Result, XPub, XSub, proxy};

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("FRONTEND", "tcp://192.168.55.210:5556"),
        ("BACKEND", "tcp://10.1.1.0:8100"),
    ]);

    let context = Context::new()?;

    // This is where the weather server sits
    let frontend = context.socket(XSub)?;
    frontend.connect(&args["FRONTEND"])?;

    // This is our public endpoint for subscribers
    let backend = context.socket(XPub)?;
    backend.bind(&args["BACKEND"])?;

    // Run the proxy: subscriptions go up to the server, updates down to the subscribers
    proxy(&frontend, &backend)
}
