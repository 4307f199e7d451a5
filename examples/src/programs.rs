//! The programs, by chapter.

/// A program of the Guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Program {
    /// Its name in the Guide, and that of its binary.
    pub name: &'static str,
    /// The chapter that it is in; 0 for the article on security, which is in none.
    pub chapter: u8,
    /// What it is, in one line.
    pub about: &'static str,
}

/// The chapters' titles, and at the end, as 0, that of the article.
pub const CHAPTERS: &[(u8, &str)] = &[
    (1, "Basics"),
    (2, "Sockets and Patterns"),
    (3, "Advanced Request-Reply Patterns"),
    (4, "Reliable Request-Reply Patterns"),
    (0, "Using ZeroMQ Security"),
];

/// What is a program's source in the Guide, and has no main function: here a module of this library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// Its name in the Guide, and that of the module.
    pub name: &'static str,
    /// The program that shows it.
    pub program: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
}

/// All units, in the Guide's order.
pub const UNITS: &[Unit] = &[
    unit("mdcliapi", "mdclient", "Majordomo client API"),
    unit("mdwrkapi", "mdworker", "Majordomo worker API"),
    unit("mdcliapi2", "mdclient2", "Majordomo asynchronous client API"),
    unit("bstar", "bstarsrv2", "Binary Star reactor"),
    unit("flcliapi", "flclient3", "Freelance client API, model 3"),
];

const fn unit(name: &'static str, program: &'static str, about: &'static str) -> Unit {
    Unit { name, program, about }
}

/// Returns the name of the program that shows what has that name, a program or a unit.
pub fn shown_by(name: &str) -> &str {
    UNITS.iter().find(|unit| unit.name == name).map_or(name, |unit| unit.program)
}

/// Returns the program of that name.
pub fn find(name: &str) -> Option<&'static Program> {
    PROGRAMS.iter().find(|program| program.name == name)
}

const fn program(chapter: u8, name: &'static str, about: &'static str) -> Program {
    Program { name, chapter, about }
}

/// All programs, in the Guide's order.
pub const PROGRAMS: &[Program] = &[
    program(1, "hwserver", "Hello World server: answers each request after a second"),
    program(1, "hwclient", "Hello World client: makes ten requests"),
    program(1, "version", "Reports the version of libzmq"),
    program(1, "wuserver", "Weather update server: publishes random updates"),
    program(1, "wuclient", "Weather update client: averages a zipcode's temperature"),
    program(1, "taskvent", "Task ventilator: hands out a batch of 100 tasks"),
    program(1, "taskwork", "Task worker: does tasks, and reports each to the sink"),
    program(1, "tasksink", "Task sink: collects the results, and measures the time"),
    program(2, "msreader", "Reads from two sockets, by trying each in turn"),
    program(2, "mspoller", "Reads from two sockets, by polling them"),
    program(2, "rrclient", "Request-reply client: makes ten requests of the broker"),
    program(2, "rrworker", "Request-reply worker: connects to the broker"),
    program(2, "rrbroker", "Request-reply broker, between clients and workers"),
    program(2, "msgqueue", "The same broker, by the built-in proxy"),
    program(2, "wuproxy", "Weather update proxy, between two networks"),
    program(2, "taskwork2", "Task worker that ends at the kill signal"),
    program(2, "tasksink2", "Task sink that sends the kill signal"),
    program(2, "interrupt", "Server that ends cleanly on Ctrl-C"),
    program(2, "mtserver", "Multithreaded Hello World server: five workers"),
    program(2, "mtrelay", "Threads that signal each other over PAIR sockets"),
    program(2, "syncpub", "Publisher that waits for its ten subscribers"),
    program(2, "syncsub", "Subscriber that tells the publisher it is there"),
    program(2, "psenvpub", "Publisher of messages with an envelope"),
    program(2, "psenvsub", "Subscriber to one kind of envelope"),
    program(3, "identity", "Shows the identities that a ROUTER sees"),
    program(3, "rtreq", "ROUTER that gives work to REQ workers"),
    program(3, "rtdealer", "ROUTER that gives work to DEALER workers"),
    program(3, "lbbroker", "Load-balancing broker: least recently used worker first"),
    program(3, "lbbroker2", "The same broker, with the high-level API"),
    program(3, "lbbroker3", "The same broker, with the reactor"),
    program(3, "asyncsrv", "Asynchronous server, and clients that do not wait for replies"),
    program(3, "peering1", "Cluster that tells its peers its state"),
    program(3, "peering2", "Cluster that sends some of its tasks to its peers"),
    program(3, "peering3", "Cluster that shares its load with its peers"),
    program(4, "lpclient", "Lazy Pirate client: asks again, then abandons"),
    program(4, "lpserver", "Lazy Pirate server: echoes, stalls, crashes"),
    program(4, "spqueue", "Simple Pirate queue: spreads requests over workers"),
    program(4, "spworker", "Simple Pirate worker: echoes, stalls, crashes"),
    program(4, "ppqueue", "Paranoid Pirate queue: knows by heartbeats who lives"),
    program(4, "ppworker", "Paranoid Pirate worker: reconnects to a dead queue"),
    program(4, "mdclient", "Majordomo client: 100,000 requests, one after the other"),
    program(4, "mdworker", "Majordomo worker: an echo service"),
    program(4, "mdbroker", "Majordomo broker: requests by the name of a service"),
    program(4, "tripping", "Measures round trips, one by one and many at once"),
    program(4, "mdclient2", "Majordomo client, asynchronous: many requests at once"),
    program(4, "mmiecho", "Asks the broker whether there is an echo service"),
    program(4, "ticlient", "Titanic client: leaves a request, and calls for the reply"),
    program(4, "titanic", "Titanic service: keeps requests on disk until answered"),
    program(4, "bstarsrv", "Binary Star server: one of a pair, active or passive"),
    program(4, "bstarcli", "Binary Star client: turns to the other server when one is silent"),
    program(4, "bstarsrv2", "Binary Star server, by the bstar reactor"),
    program(4, "flserver1", "Freelance server, model 1: echoes"),
    program(4, "flclient1", "Freelance client, model 1: asks one server after the other"),
    program(4, "flserver2", "Freelance server, model 2: answers OK, with a number"),
    program(4, "flclient2", "Freelance client, model 2: asks all servers at once"),
    program(4, "flserver3", "Freelance server, model 3: answers pings too"),
    program(4, "flclient3", "Freelance client, model 3: asks a server that is alive"),
    program(0, "grasslands", "No security: anybody may come, and everybody can listen"),
    program(0, "strawhouse", "Clients come in by their address"),
    program(0, "woodhouse", "Clients come in by name and password"),
    program(0, "stonehouse", "A server that proves who it is, and encryption"),
    program(0, "ironhouse", "Clients and server know each other by their certificates"),
];
