"""What the figures were measured on."""

import os
import platform
import re
from datetime import date
from pathlib import Path

from .build import output


def processor():
    try:
        return re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text()).group(1)
    except (OSError, AttributeError):
        return platform.machine()


def system():
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


def load():
    """How many threads wanted to run in the last quarter of an hour, in the mean, these here among them."""
    return round(os.getloadavg()[2], 1)


def describe():
    compiler = output(os.environ.get("CC", "cc"), "--version").splitlines()[0]
    kernel = ".".join(platform.release().split(".")[:2])
    return {
        "date": date.today().isoformat(),
        "processor": f"{os.cpu_count()} × {processor()}",
        "system": f"{system()}, kernel {kernel}",
        "tools": f"{output('rustc', '--version').split(' (')[0]}, {compiler}, Python {platform.python_version()}",
    }
