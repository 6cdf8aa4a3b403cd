"""The machine that figures come from, without its name."""

import importlib.metadata
import os
import platform
from pathlib import Path

from server.db import cluster

PACKAGES = ("graphql-core", "strawberry-graphql", "asyncpg", "uvicorn", "uvloop", "httptools", "orjson", "msgspec")


def described():
    """One line for a table of results."""
    processor = _after(Path("/proc/cpuinfo"), "model name")
    memory = int(_after(Path("/proc/meminfo"), "MemTotal").split()[0]) / 1024**2
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    system = f"{platform.system()} {platform.release()}"
    return (
        f"{len(os.sched_getaffinity(0))} cores ({processor}), {memory:.0f} GB, {system}, "
        f"Python {platform.python_version()}, Postgres {cluster.MAJOR} (embedded), {versions}"
    )


def load():
    """How busy the machine was in the last minute, its own work included."""
    return f"{os.getloadavg()[0]:.1f}"


def _after(path, name):
    lines = (line.partition(":") for line in path.read_text().splitlines())
    return next((value.strip() for key, _, value in lines if key.strip() == name), "unknown")
