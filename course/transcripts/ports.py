"""Free ports in place of those that a reader types, and back again."""

import random
import re

from course.servers import takes_connections

WRITTEN = re.compile(r"\b80[0-9]{2}\b")
"""A port as a reader types it: 8080, or 8081 for a second server."""

TRIED = range(6100, 9900)
"""Ports to try: of four digits as the written ones, so that every Content-Length stays true."""

PEER = re.compile(r"(127\.0\.0\.1(?::|', ))(\d{5})\b")


class Ports:
    """Real ports for the written ones: 8080 stands for whichever is free."""

    def __init__(self) -> None:
        self.real: dict[str, str] = {}
        self.peers: dict[str, str] = {}

    def put(self, command: str) -> str:
        """The command with real ports."""
        return WRITTEN.sub(lambda match: self._real(match[0]), command)

    def take(self, text: str) -> str:
        """The text with written ports, and the clients' own numbered from 50001 on."""
        for written, real in self.real.items():
            text = re.sub(rf"(?<=:| )(?<!Content-Length: ){real}\b|(?<=%3A){real}\b", written, text)
        return PEER.sub(lambda match: match[1] + self._peer(match[2]), text)

    def _real(self, written: str) -> str:
        if written not in self.real:
            self.real[written] = str(unused_port())
        return self.real[written]

    def _peer(self, port: str) -> str:
        return self.peers.setdefault(port, str(50001 + len(self.peers)))


def unused_port() -> int:
    """A port of four digits on which nobody listens. Chance keeps two recordings apart."""
    chance = random.SystemRandom()
    while takes_connections("127.0.0.1", port := chance.choice(TRIED)):
        pass
    return port
