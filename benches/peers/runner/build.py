"""Builds the peers into a cache folder, and finds out what they are."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
REPOSITORY = HERE.parent.parent
CACHE = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")).resolve() / "peers"

RAW = "raw C"


@dataclass
class Peer:
    name: str
    folder: str
    # The crate, or the module of pkg-config, whose version is the peer's.
    package: str
    kind: str = "cargo"
    # It links the crate zmq-sys, in whose place the system's libzmq can stand.
    zmq_sys: bool = False
    command: list = field(default_factory=list)
    version: str = ""
    libzmq: str = ""


def peers():
    return [
        Peer(RAW, "raw", "libzmq", "c"),
        Peer("CZMQ", "czmq", "libczmq", "c"),
        Peer("zmqx", "zmqx", "zmqx"),
        Peer("czmq-like", "czmq-like", "czmq-like"),
        Peer("rust-zmq", "rust-zmq", "zmq", zmq_sys=True),
        Peer("arzmq", "arzmq", "arzmq"),
        Peer("tmq", "tmq", "tmq", zmq_sys=True),
        Peer("zeromq", "zeromq", "zeromq"),
        Peer("omq-tokio", "omq-tokio", "omq-tokio"),
        Peer("rzmq", "rzmq", "rzmq"),
        Peer("pyzmq", "pyzmq", "pyzmq", "python"),
    ]


def output(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout.strip()


def build_c(peer):
    modules = [peer.package] if peer.package == "libzmq" else [peer.package, "libzmq"]
    flags = output("pkg-config", "--cflags", "--libs", *modules).split()
    program = CACHE / peer.folder
    compiler = os.environ.get("CC", "cc")
    output(compiler, "-O2", "-pthread", "-o", str(program), str(HERE / peer.folder / "peer.c"), *flags)
    peer.version = output("pkg-config", "--modversion", peer.package)
    return [str(program)]


def system_libzmq():
    """Tells Cargo to link the system's libzmq where a crate would build one. See Cargo's book, "Overriding build scripts"."""
    host = re.search(r"host: (\S+)", output("rustc", "-vV")).group(1)
    folders = [flag[2:] for flag in output("pkg-config", "--libs-only-L", "libzmq").split()]
    return [
        "--config", f'target.{host}.zmq.rustc-link-lib=["zmq"]',
        "--config", f"target.{host}.zmq.rustc-link-search={folders}".replace("'", '"'),
    ]


def build_cargo(peer):
    manifest = HERE / peer.folder / "Cargo.toml"
    override = system_libzmq() if peer.zmq_sys else []
    output(
        "cargo", "build", "--quiet", "--release", "--manifest-path", str(manifest), *override,
        env={**os.environ, "CARGO_TARGET_DIR": str(CACHE / "target")},
    )
    lock = manifest.with_name("Cargo.lock").read_text()
    peer.version = re.search(rf'name = "{peer.package}"\nversion = "(.*)"', lock).group(1)
    return [str(CACHE / "target" / "release" / f"peer-{peer.folder}")]


def build_python(peer):
    environment = CACHE / "venv"
    python = environment / "bin" / "python"
    if not python.exists():
        output(sys.executable, "-m", "venv", str(environment))
    requirements = HERE / peer.folder / "requirements.txt"
    output(str(python), "-m", "pip", "install", "--quiet", "--requirement", str(requirements))
    peer.version = output(str(python), "-c", "import zmq; print(zmq.__version__)")
    return [str(python), str(HERE / peer.folder / "peer.py")]


def build(peer):
    """Builds it; gives the reason where it cannot be."""
    CACHE.mkdir(parents=True, exist_ok=True)
    builders = {"c": build_c, "cargo": build_cargo, "python": build_python}
    try:
        peer.command = builders[peer.kind](peer)
        peer.libzmq = output(*peer.command, "version")
    except FileNotFoundError as error:
        return f"{error.filename} is not installed"
    except subprocess.CalledProcessError as error:
        lines = [line.strip() for line in error.stderr.splitlines() if line.strip()]
        wrong = [line for line in lines if "error" in line.lower() or "not found" in line.lower()]
        return (wrong or lines or [str(error)])[0].replace(str(REPOSITORY), ".").replace(str(Path.home()), "~")
    return None


def counter():
    """The library that counts allocations, for LD_PRELOAD."""
    library = CACHE / "allocations.so"
    output(os.environ.get("CC", "cc"), "-O2", "-shared", "-fPIC", "-o", str(library), str(HERE / "runner" / "allocations.c"))
    return library


def has_callgrind():
    return shutil.which("valgrind") is not None
