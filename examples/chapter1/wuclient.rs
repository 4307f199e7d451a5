//! Weather update client: connects a SUB socket to tcp://localhost:5556, collects weather updates and finds the
//! average temperature in a zipcode.

use zmqx::{Context, Result, Sub};

pub(crate) fn main() -> Result<()> {
    // Zipcode to subscribe to, default is NYC, 10001. It is a prefix: without the blank, it would match more
    let args = guide::args(&[("--connect", "tcp://localhost:5556"), ("FILTER", "10001 ")]);

    // Socket to talk to server
    println!("Collecting updates from weather server...");
    let context = Context::new()?;
    let subscriber = context.socket(Sub)?;
    subscriber.connect(&args["--connect"])?;

    let filter = &args["FILTER"];
    subscriber.subscribe(filter)?;

    // Process 100 updates
    let mut total_temp = 0;
    let mut update_nbr = 0;
    while update_nbr < 100 {
        let string = subscriber.recv()?;
        let Some(temperature) = temperature(&string.to_string_lossy()) else {
            continue; // Not a weather update, whoever sent it
        };
        total_temp += i64::from(temperature);
        update_nbr += 1;
    }
    println!("Average temperature for zipcode '{filter}' was {}F", total_temp / update_nbr);
    Ok(())
}

/// Reads the second of an update's three numbers: zipcode, temperature, relative humidity.
fn temperature(update: &str) -> Option<i32> {
    let mut numbers = update.split(' ').map(|number| number.parse::<i32>().ok());
    let (_zipcode, temperature, _relhumidity) =
        (numbers.next()??, numbers.next()??, numbers.next()??);
    Some(temperature)
}
