"""Processor time of processes and all their children, from /proc."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def tree(root):
    """The process ids of a process and of all that descend from it."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and (fields := _fields(int(folder.name))):
            parents.setdefault(int(fields[1]), []).append(int(folder.name))
    found = [root]
    for pid in found:
        found += parents.get(pid, ())
    return found


def seconds(pids, *, with_children=True):
    """What the processes have used in user and system mode, with their children that have ended."""
    end = 15 if with_children else 13
    return sum(sum(map(int, fields[11:end])) for pid in pids if (fields := _fields(pid))) / TICKS


def resident(pids):
    """Megabytes that the processes hold alone or share in part: their proportional set size."""
    return sum(map(_share, pids)) / 1024


def _fields(pid):
    """Those of `stat` behind the name, from the state on; none for a process that has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _share(pid):
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
