"""Runs the peers: the time that they take, their instructions and allocations."""

import os
import re
import subprocess
import tempfile

from . import build

# Where the sockets of ipc are. Not all libraries remove theirs.
SOCKETS = tempfile.TemporaryDirectory(prefix="peers-")
ENVIRONMENT = {**os.environ, "TMPDIR": SOCKETS.name}

# A run that takes this long hangs.
DEADLINE = 60
UNSUPPORTED = 3
# So many messages are on the way at most, with the high-water marks as they come.
ON_THE_WAY = 2000
# So many times as many rounds of what has two threads.
MORE_ROUNDS = 3
# More bytes than this on the way say more about the machine's memory than about a library.
MOST_BYTES = 512 << 20


class Failed(Exception):
    """A peer ended with an error, or not at all."""


def execute(command, **environment):
    """What it prints; None where the library has no such thing."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, env=ENVIRONMENT | environment)
    except subprocess.TimeoutExpired:
        raise Failed(f"not done after {DEADLINE} s") from None
    if done.returncode == UNSUPPORTED:
        return None
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        raise Failed(lines[-1] if lines else f"exit code {done.returncode}")
    return done


def arguments(peer, row, count):
    return [*peer.command, row.workload, row.transport, str(row.size), str(count)]


def nanoseconds(peer, row, count):
    """Of one of them, from a run of so many."""
    done = execute(arguments(peer, row, count))
    return None if done is None else int(done.stdout) / count


def fit(peer, row, duration):
    """How many of them take about so many nanoseconds. None where there is no such thing."""
    most = 50_000_000
    if row.workload in ("send", "owned") and row.size * ON_THE_WAY > MOST_BYTES:
        most = MOST_BYTES // row.size
    count = 16
    while True:
        one = nanoseconds(peer, row, count)
        if one is None:
            return None
        wanted = int(duration / one)
        if count >= most or wanted < 2 * count:
            return even(min(max(wanted, 16), most))
        # The first runs are slower than what comes after: not all at once.
        count = even(min(wanted, 32 * count, most))


def even(count):
    """A multipart message goes to and fro."""
    return count + count % 2


def times(peers, rows, rounds, duration, say):
    """The nanoseconds of each round, by row and peer, and what failed. In a round all peers do a row in turn.

    Of what has two threads there are more rounds, as they differ more.
    """
    result, failures = {}, {}
    for row in rows:
        counts = {}
        for peer in peers:
            try:
                count = fit(peer, row, duration)
            except Failed as error:
                failures[f"{peer.name}, {row.key}"] = str(error)
                continue
            if count is None:
                continue
            if row.workload == "send" and build.RAW in counts:
                # The first messages find no memory that can be used again. So all send as many, save where one is slow.
                count = min(counts[build.RAW], 4 * count)
            counts[peer.name] = count
        measured = {name: [] for name in counts}
        for _ in range(rounds if row.counted else MORE_ROUNDS * rounds):
            for peer in peers:
                if peer.name not in counts:
                    continue
                try:
                    measured[peer.name].append(nanoseconds(peer, row, counts[peer.name]))
                except Failed as error:
                    # A round without it is no round for it: it leaves the row.
                    failures[f"{peer.name}, {row.key}"] = str(error)
                    del counts[peer.name], measured[peer.name]
        result[row.key] = measured
        say(f"{row.group}: {row.name}: " + ", ".join(f"{name} {min(each):.0f}" for name, each in measured.items()))
    return result, failures


def difference(counter, peer, row):
    """What the counter says of one of them: the difference of two counts. None where there is no such thing."""
    fewer, more = row.counts
    readings = []
    for count in (fewer, more):
        reading = counter(arguments(peer, row, count))
        if reading is None:
            return None
        readings.append(reading)
    return (readings[1] - readings[0]) / (more - fewer)


def instructions(command, *options):
    done = execute(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *options, *command])
    return None if done is None else int(re.search(r"Collected : (\d+)", done.stderr).group(1))


def allocations(command):
    # Python has an allocator of its own, which hides what it allocates.
    done = execute(command, LD_PRELOAD=str(build.CACHE / "allocations.so"), PYTHONMALLOC="malloc")
    return None if done is None else int(re.search(r"allocations (\d+)", done.stderr).group(1))


def counts(peers, rows, say):
    """Instructions and allocations of one of them, by row and peer, and what failed."""
    result, failures = {}, {}
    build.counter()
    for row in rows:
        if not row.counted:
            continue
        result[row.key] = {}
        for peer in peers:
            try:
                executed = difference(instructions, peer, row)
                if executed is not None:
                    result[row.key][peer.name] = [executed, difference(allocations, peer, row)]
            except Failed as error:
                failures[f"{peer.name}, counting {row.key}"] = str(error)
        say(f"{row.name}: " + ", ".join(f"{name} {a:.0f}/{b:.2f}" for name, (a, b) in result[row.key].items()))
    return result, failures
