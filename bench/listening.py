"""Open screens, many in one process: `python -m bench.listening PORT PATH COUNT`.

Prints `ready` when every screen has its first message, then a JSON line for each change: when it
reached the middle and the last screen (monotonic seconds) and how many it did not reach.
"""

import json
import select
import socket
import sys
import time

from bench.running import HOST, many_files

CHANGE = b"event: playlist"
LOST_AFTER = 10.0


class Screens:
    """Held connections, and which of them have heard of the present change."""

    def __init__(self, port: int, path: str, count: int) -> None:
        """Connect them all; each asks for the stream and waits."""
        self.poll = select.epoll()
        self.open: dict[int, socket.socket] = {}
        asked = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept: text/event-stream\r\n\r\n".encode()
        for _ in range(count):
            screen = socket.create_connection((HOST, port), timeout=30)
            screen.sendall(asked)
            screen.setblocking(False)
            self.open[screen.fileno()] = screen
            self.poll.register(screen, select.EPOLLIN)

    def change(self) -> tuple[list[float], int]:
        """Wait until all have heard of a change; gives when each did, and how many did not."""
        heard: dict[int, float] = {}
        while len(heard) < len(self.open):
            over = not heard or time.monotonic() < max(heard.values()) + LOST_AFTER
            events = self.poll.poll(1.0)
            if not events and not over:
                break
            for number, _event in events:
                told = self._read(number)
                if CHANGE in told:
                    heard.setdefault(number, time.monotonic())
        return sorted(heard.values()), len(self.open) - len(heard)

    def _read(self, number: int) -> bytes:
        try:
            told = self.open[number].recv(65_536)
        except BlockingIOError:
            return b""
        if not told:
            raise ConnectionError("the server let a screen go")
        return told


def main(port: int, path: str, count: int) -> None:
    """Hold the screens until ended."""
    many_files()
    screens = Screens(port, path, count)
    screens.change()
    print("ready", flush=True)
    while True:
        heard, lost = screens.change()
        told = {"middle": heard[len(heard) // 2], "last": heard[-1], "lost": lost}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
