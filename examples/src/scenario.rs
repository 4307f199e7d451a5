//! What a scenario is made of: the programs to start, their endpoints, the end, and what must have been seen by then.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// One or more programs with those that they need, and what they show together.
#[derive(Debug, Clone, Copy)]
pub struct Scenario {
    /// The programs that this is the scenario of; the first one names it.
    pub of: &'static [&'static str],
    /// Where the programs meet.
    pub endpoints: &'static [Endpoint],
    /// Numbers and texts that are smaller when it has to be quick.
    pub values: &'static [Value],
    /// What to start, in this order.
    pub roles: &'static [Role],
    /// When it is over.
    pub end: End,
    /// What must have been seen by then.
    pub expects: &'static [Expect],
}

/// A place where programs meet.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    /// What the scenario calls it.
    pub name: &'static str,
    /// The Guide's own address for it.
    pub guide: Address,
}

/// An address of the Guide's.
#[derive(Debug, Clone, Copy)]
pub enum Address {
    /// A TCP port, on all interfaces.
    Port(u16),
    /// A TCP port also where the others are Unix domain sockets, for programs that know their clients by address: it is
    /// then on a loopback address of the folder's own.
    Loopback(u16),
    /// A Unix domain socket in the working directory.
    File(&'static str),
}

/// A number or text that is smaller when the scenario has to be quick.
#[derive(Debug, Clone, Copy)]
pub struct Value {
    /// What the scenario calls it.
    pub name: &'static str,
    /// The Guide's.
    pub full: &'static str,
    /// The quick one.
    pub quick: &'static str,
}

/// A program to start.
#[derive(Debug, Clone, Copy)]
pub struct Role {
    /// What the scenario calls it: the program's name, unless there are several roles of one program.
    pub name: &'static str,
    /// The program's name.
    pub program: &'static str,
    /// How many of it.
    pub copies: usize,
    /// Its arguments.
    pub args: &'static [Arg],
    /// The prompt at which it waits for Enter, if it does.
    pub prompt: Option<&'static str>,
    /// The role whose end its start waits for, if it does.
    pub after: Option<&'static str>,
}

/// An argument of a program. Where the option is empty, the value stands alone.
#[derive(Debug, Clone, Copy)]
pub enum Arg {
    /// An option, and the endpoint of this name, to bind.
    Bind(&'static str, &'static str),
    /// An option, and the endpoint of this name, to connect to.
    Connect(&'static str, &'static str),
    /// An option, and the value of this name.
    Value(&'static str, &'static str),
    /// An option, and how many copies there are of a program.
    Copies(&'static str, &'static str),
    /// An option, and a folder of this name: among the endpoints' files where these have a folder, as the Guide's else.
    Path(&'static str, &'static str),
    /// A flag.
    Flag(&'static str),
    /// A flag that is given when the scenario has to be quick.
    QuickFlag(&'static str),
    /// The names of the copies, which are this and a number each: first the copy's own, then those of all others.
    Peers(&'static str),
    /// An option, and the folder of the Unix domain sockets; left out where that is the working directory, as in the
    /// Guide.
    Folder(&'static str),
}

/// When a scenario is over.
#[derive(Debug, Clone, Copy)]
pub enum End {
    /// When all of these programs have ended.
    Programs(&'static [&'static str]),
    /// When the time is up: the programs run for ever.
    Time,
    /// When `after` has ended, `program` was sent SIGINT, and has ended.
    Signal {
        /// The program that gets the signal.
        program: &'static str,
        /// The program whose end is waited for.
        after: &'static str,
    },
    /// When these were done, one after the other.
    Acts(&'static [Act]),
}

/// What the runner does to a role after a line was seen.
#[derive(Debug, Clone, Copy)]
pub struct Act {
    /// The role whose line is waited for, of those that it prints after the act before this one.
    pub role: &'static str,
    /// The line; see [`pattern`](crate::pattern).
    pub line: &'static str,
    /// What is done then.
    pub deed: Deed,
}

/// What is done to a role, which is of one copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// It is killed.
    Kill(&'static str),
    /// It is sent SIGINT.
    Interrupt(&'static str),
    /// It is started again, when it has ended.
    Start(&'static str),
    /// Nothing: that the line was seen is enough.
    Nothing,
}

/// What must be seen of a role, of each copy of it.
#[derive(Debug, Clone, Copy)]
pub struct Expect {
    /// The role.
    pub role: &'static str,
    /// What to see; see [`pattern`](crate::pattern), in which `{name}` stands also for the value of that name.
    pub what: What,
    /// What to call it, as "clients answered".
    pub says: &'static str,
}

/// What must be seen.
#[derive(Debug, Clone, Copy)]
pub enum What {
    /// A line, so many times.
    Lines(&'static str, usize),
    /// A line, as many times as the value of this name says.
    LinesByValue(&'static str, &'static str),
    /// A line, so many times or more.
    AtLeast(&'static str, usize),
    /// These lines, each once, in this order.
    InOrder(&'static [&'static str]),
    /// Nothing but this line.
    Only(&'static str),
    /// This line not once.
    Never(&'static str),
}

/// How to run a scenario: where, and how fast.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Where the programs meet.
    pub place: Place,
    /// Whether it is to be quick: small values, and the end as soon as all was seen.
    pub quick: bool,
    /// Of which programs to start another number of copies than the scenario says.
    pub copies: Vec<(String, usize)>,
}

/// Where programs meet.
#[derive(Debug, Clone)]
pub enum Place {
    /// At the Guide's own addresses.
    Guide,
    /// At the Guide's ports on this IP address, and for files in the working directory.
    Host(String),
    /// At Unix domain sockets in this folder.
    Folder(PathBuf),
}

impl Place {
    /// Returns the path of a file or folder that the Guide has in the working directory.
    fn path(&self, name: &str) -> String {
        match self {
            Self::Folder(folder) => folder.join(name).display().to_string(),
            Self::Guide | Self::Host(_) => name.to_owned(),
        }
    }
}

impl Role {
    /// Returns how many copies to start.
    pub fn copies(&self, setting: &Setting) -> usize {
        let chosen = setting.copies.iter().rfind(|(program, _)| program == self.program);
        chosen.map_or(self.copies, |(_, copies)| *copies)
    }

    /// Returns what to call the copy of this number, from 1 on: its own name, where it has one, or the role's.
    pub fn label(&self, copy: usize, setting: &Setting) -> String {
        let name = self.args.iter().find_map(|arg| match arg {
            Arg::Peers(name) => Some(name),
            _ => None,
        });
        match name {
            Some(name) => format!("{name}{copy}"),
            None if self.copies(setting) == 1 => self.name.to_owned(),
            None => format!("{}-{copy}", self.name),
        }
    }
}

impl Scenario {
    /// Returns its name.
    pub fn name(&self) -> &'static str {
        self.of.first().copied().unwrap_or_default()
    }

    /// Returns the value of that name.
    pub fn value(&self, name: &str, setting: &Setting) -> &'static str {
        let value = self.values.iter().find(|value| value.name == name);
        value.map_or("", |value| if setting.quick { value.quick } else { value.full })
    }

    /// Returns the pattern with the values put in.
    pub fn pattern(&self, pattern: &str, setting: &Setting) -> String {
        self.values.iter().fold(pattern.to_owned(), |pattern, value| {
            let name = format!("{{{}}}", value.name);
            pattern.replace(&name, self.value(value.name, setting))
        })
    }

    /// Returns the arguments of a role as the copy of this number, from 1 on, gets them.
    pub fn args(&self, role: &Role, copy: usize, setting: &Setting) -> Vec<String> {
        let mut args = Vec::new();
        for arg in role.args {
            let (option, value) = match arg {
                Arg::Bind(option, name) => (option, Some(self.endpoint(name, setting, "*"))),
                Arg::Connect(option, name) => {
                    (option, Some(self.endpoint(name, setting, "localhost")))
                }
                Arg::Value(option, name) => (option, Some(self.value(name, setting).to_owned())),
                Arg::Copies(option, program) => {
                    let roles = self.roles.iter().filter(|role| role.program == *program);
                    let copies: usize = roles.map(|role| role.copies(setting)).sum();
                    (option, Some(copies.to_string()))
                }
                Arg::Path(option, name) => (option, Some(setting.place.path(name))),
                Arg::Flag(option) => (option, None),
                Arg::QuickFlag(_) if !setting.quick => continue,
                Arg::QuickFlag(option) => (option, None),
                Arg::Peers(name) => {
                    let others = (1..=role.copies(setting)).filter(|other| *other != copy);
                    args.extend([copy].into_iter().chain(others).map(|nbr| format!("{name}{nbr}")));
                    continue;
                }
                Arg::Folder(option) => match &setting.place {
                    Place::Folder(folder) => (option, Some(folder.display().to_string())),
                    Place::Guide | Place::Host(_) => continue,
                },
            };
            args.extend((!option.is_empty()).then(|| (*option).to_owned()));
            args.extend(value);
        }
        args
    }

    /// Returns the address of an endpoint. `host` is the Guide's.
    fn endpoint(&self, name: &str, setting: &Setting, host: &str) -> String {
        let guide = self.endpoints.iter().find(|endpoint| endpoint.name == name);
        match (&setting.place, guide.map(|endpoint| endpoint.guide)) {
            (Place::Folder(folder), Some(Address::Loopback(port))) => {
                format!("tcp://{}:{port}", loopback(folder))
            }
            (Place::Folder(folder), _) => format!("ipc://{}/{name}", folder.display()),
            (_, Some(Address::File(file))) => format!("ipc://{file}"),
            (Place::Host(host), Some(Address::Port(port) | Address::Loopback(port))) => {
                format!("tcp://{host}:{port}")
            }
            (Place::Guide, Some(Address::Port(port))) => format!("tcp://{host}:{port}"),
            // Its clients are to be seen by the address of version 4.
            (Place::Guide, Some(Address::Loopback(port))) if host == "localhost" => {
                format!("tcp://127.0.0.1:{port}")
            }
            (Place::Guide, Some(Address::Loopback(port))) => format!("tcp://{host}:{port}"),
            (_, None) => String::new(),
        }
    }
}

/// A loopback address for a folder: 127.x.y.z by its name on Linux, where each is there.
fn loopback(folder: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    folder.hash(&mut hasher);
    let [x, y, z, ..] = hasher.finish().to_be_bytes();
    if cfg!(target_os = "linux") {
        // Neither 127.0.0.1 nor 127.255.255.255.
        format!("127.{}.{}.{}", x % 250 + 1, y, z % 250 + 1)
    } else {
        "127.0.0.1".to_owned()
    }
}
