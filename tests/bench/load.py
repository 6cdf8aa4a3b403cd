"""Asks one server as fast as it answers, from a process of its own: `python -m tests.bench.load` with a job on stdin.

Raw sockets and epoll, since a client library costs several times what the servers do. Each connection sends its next
request when its last one is answered. A request may hold `NUMBER`, which becomes another number each time.
"""

import json
import select
import socket
import sys
import time

from tests.bench.processor import seconds, tree

NUMBER = b"000000000"
MOST_KEPT = 65_536
WARM_ROUNDS, MOST_WARM_UP = 3, 20.0
"""How often each request is asked before anything is measured, and the seconds that a slow server has for it."""


class Connection:
    """One connection, kept alive, with one request under way at a time."""

    def __init__(self, address):
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.began = 0.0
        self._parts = []
        self._missing = -1

    def send(self, request):
        """Sends a request whole: it is shorter than the socket's buffer."""
        self.began = time.perf_counter()
        if self.socket.send(request) != len(request):
            raise SystemExit("A request did not fit into the socket's buffer.")

    def receive(self):
        """The response when all of it is there, else None; a connection that was closed ends the run."""
        data = self.socket.recv(MOST_KEPT)
        if not data:
            raise SystemExit("The server closed a connection.")
        self._parts.append(data)
        if self._missing < 0:
            whole = b"".join(self._parts)
            end = whole.find(b"\r\n\r\n")
            if end < 0:
                return None
            self._parts = [whole]
            self._missing = _length(whole[:end]) + end + 4 - len(whole)
        else:
            self._missing -= len(data)
        if self._missing > 0:
            return None
        response, self._parts, self._missing = b"".join(self._parts), [], -1
        return response


def _length(head):
    """The length of a body, by its head; nothing follows a 304."""
    at = head.lower().find(b"content-length:")
    if at < 0:
        if head.startswith(b"HTTP/1.1 304"):
            return 0
        raise SystemExit(f"A response without a length: {head[:200]!r}")
    return int(head[at + 15 :].split(b"\r\n", 1)[0])


class Requests:
    """The requests of a case, in turn, over and over."""

    def __init__(self, texts):
        self._texts = [text.encode() for text in texts]
        self._is_new = [NUMBER in text for text in self._texts]
        self._count = 0
        self._first = time.time_ns() // 10_000 % 900_000_000  # other numbers than any run before

    @property
    def rounds(self):
        """How often each was asked."""
        return self._count // len(self._texts)

    @property
    def are_new(self):
        """Whether none of them is ever asked again."""
        return all(self._is_new)

    def next(self):
        """The next one."""
        place = self._count % len(self._texts)
        self._count += 1
        if self._is_new[place]:
            return self._texts[place].replace(NUMBER, b"%09d" % (self._first + self._count))
        return self._texts[place]


class Window:
    """What is counted of a stretch of time."""

    def __init__(self, groups):
        self._groups = groups
        self._before = self._used()
        self._own = time.process_time()
        self.began = time.perf_counter()
        self.latencies = []
        self.bytes = 0
        self.refused = 0

    def _used(self):
        """Seconds by group; a process that ended meanwhile is in what its parent waited for."""
        return {name: seconds(tree(root)) for name, root in self._groups.items()}

    def close(self):
        """The figures of it, in milliseconds but for the rates."""
        elapsed = time.perf_counter() - self.began
        used = {name: spent - self._before[name] for name, spent in self._used().items()}
        count, ordered = len(self.latencies), sorted(self.latencies)
        return {
            "requests": count,
            "rate": count / elapsed,
            "p50": ordered[count // 2] * 1000,
            "p99": ordered[min(count - 1, count * 99 // 100)] * 1000,
            "bytes": self.bytes / count,
            "refused": self.refused / count,
            "generator": (time.process_time() - self._own) / elapsed,
            **{name: spent / count * 1000 for name, spent in used.items()},
        }


def run(job):
    """Warms up, until all is kept that a server keeps, then measures for the job's seconds."""
    requests = Requests(job["requests"])
    poll, connections = select.epoll(), {}
    for _ in range(job["connections"]):
        connection = Connection(tuple(job["address"]))
        connections[connection.socket.fileno()] = connection
        poll.register(connection.socket, select.EPOLLIN)
        connection.send(requests.next())
    _turn(poll, connections, requests=requests, window=None, until=time.perf_counter() + job["warm_up"], job=job)
    limit = time.perf_counter() + MOST_WARM_UP
    while requests.rounds < WARM_ROUNDS and not requests.are_new and time.perf_counter() < limit:
        _turn(poll, connections, requests=requests, window=None, until=time.perf_counter() + 0.1, job=job)
    window = Window(job["groups"])
    _turn(poll, connections, requests=requests, window=window, until=window.began + job["seconds"], job=job)
    return window.close()


def _turn(poll, connections, *, requests, window, until, job):
    """Answers are counted, and followed by the next request, until the time is over."""
    expected, faults = f"HTTP/1.1 {job['status']}".encode(), job["faults"].encode()
    now = 0.0
    while now < until:
        for number, _ in poll.poll():
            connection = connections[number]
            response = connection.receive()
            if response is None:
                continue
            now = time.perf_counter()
            is_refused = not response.startswith(expected) or faults in response
            if is_refused and window is not None and window.refused > 10 + len(window.latencies) / 10:
                raise SystemExit(f"Not what was asked for: {response[:600].decode(errors='replace')}")
            if window is not None:
                window.refused += is_refused
                window.latencies.append(now - connection.began)
                window.bytes += len(response)
            connection.send(requests.next())


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
