"""What is measured: the rows of the tables."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    group: str
    name: str
    workload: str
    transport: str
    size: int
    # On one thread, so that its instructions and allocations are its own.
    counted: bool = False
    # Instructions are the difference of these two counts, divided.
    counts: tuple = (1000, 4000)
    # What raw C does for the row that the others' ratios are to, where it is not the same.
    against: str = ""

    @property
    def key(self):
        return f"{self.workload} {self.transport} {self.size}"

    @property
    def reference(self):
        return f"{self.against or self.workload} {self.transport} {self.size}"


def bytes_text(size):
    for unit, text in ((1 << 20, "MiB"), (1 << 10, "KiB")):
        if size >= unit:
            return f"{size // unit} {text}"
    return f"{size} B"


def rows():
    result = [
        Row("One way, two threads", f"{transport}, {bytes_text(size)}", "send", transport, size)
        for transport in ("inproc", "ipc", "tcp")
        for size in (16, 256, 1 << 10, 64 << 10, 1 << 20)
    ]
    result += [
        Row("One way, owned payload", f"{transport}, {bytes_text(size)}", "owned", transport, size, against="send")
        for transport, size in (("inproc", 64 << 10), ("tcp", 1 << 20))
    ]
    result += [
        Row("Request and reply, two threads", f"{transport}, 1 B", "latency", transport, 1)
        for transport in ("inproc", "tcp")
    ]
    result += [Row("One thread, inproc", "send and receive, 16 B", "single", "inproc", 16, True)]
    result += [
        Row("One thread, inproc", f"{frames} frame{'s' * (frames > 1)} received and sent on", "multipart", "inproc", frames, True)
        for frames in (1, 3, 10)
    ]
    result += [
        Row("One thread, inproc", "client, broker, worker: by frames", "broker", "inproc", 16, True),
        Row("One thread, inproc", "client, broker, worker: by messages", "broker-multipart", "inproc", 16, True),
    ]
    # A loop has settled after its first events; where the others walk all they have, a few events are many instructions.
    result += [
        Row("Event loop", f"{n} reader{'s' * (n > 1)}, one active", "readers", "inproc", n, True, (200, 1200) if n < 1000 else (100, 600))
        for n in (1, 10, 100, 1000)
    ]
    result += [
        Row("Event loop", f"1 reader, {n:,} timer{'s' * (n > 1)}", "timers", "inproc", n, True, (200, 1200) if n < 1000 else (50, 150))
        for n in (1, 100, 10_000, 100_000)
    ]
    return result
