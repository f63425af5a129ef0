"""Has the server taken what was sent? Linux tells it of connections inside one machine.

A byte-by-byte delivery is worth something only if the server reads the first byte before the
second arrives. To sleep and hope makes checks slow, and lets a wrong server slip through on a
busy machine; to ask the kernel (man 7 sock_diag) costs a tenth of a millisecond, and is sure.
"""

import contextlib
import itertools
import socket
import struct
import sys
from collections.abc import Callable, Iterator

SOCK_DIAG = 4
"""NETLINK_SOCK_DIAG: the netlink protocol for questions about sockets."""

BY_FAMILY, REQUEST, ALL_STATES = 20, 1, 0xFFFFFFFF

HEADER = struct.Struct("=IHHII")
"""nlmsghdr: length, type, flags, sequence number, port"""

QUESTION = struct.Struct("=BBBxI")
"""inet_diag_req_v2 up to the socket's addresses: family, protocol, extensions, states"""

ADDRESSES = struct.Struct("!HH16s16s")
"""inet_diag_sockid: both ports, both addresses; an interface and a cookie follow"""

ANY_INTERFACE_OR_COOKIE = b"\0" * 4 + b"\xff" * 8

RECEIVE_QUEUE = struct.Struct("=I")
RECEIVE_QUEUE_AT = HEADER.size + 4 + ADDRESSES.size + len(ANY_INTERFACE_OR_COOKIE) + 4

numbers = itertools.count(1)


@contextlib.contextmanager
def unread_at_peer(connection: socket.socket) -> Iterator[Callable[[], int | None]]:
    """A function that says how many bytes the other end has not read yet; None: nobody knows."""
    if sys.platform != "linux":
        yield lambda: None
        return
    with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, SOCK_DIAG) as netlink:
        netlink.settimeout(0.1)
        yield lambda: ask(netlink, connection)


def ask(netlink: socket.socket, connection: socket.socket) -> int | None:
    """Ask the kernel about the socket at the other end of the connection."""
    try:
        theirs, ours = connection.getpeername(), connection.getsockname()
        hosts = [socket.inet_pton(connection.family, place[0]) for place in (theirs, ours)]
        addresses = ADDRESSES.pack(theirs[1], ours[1], *hosts) + ANY_INTERFACE_OR_COOKIE
        question = QUESTION.pack(connection.family, socket.IPPROTO_TCP, 0, ALL_STATES) + addresses
        size, number = HEADER.size + len(question), next(numbers)
        netlink.send(HEADER.pack(size, BY_FAMILY, REQUEST, number, 0) + question)
        return read_answer(netlink.recv(4096), number)
    except OSError:
        return None


def read_answer(answer: bytes, number: int) -> int | None:
    """The length of the receive queue, if the answer is one to our question."""
    _, kind, _, answered, _ = HEADER.unpack_from(answer)
    if (kind, answered) != (BY_FAMILY, number) or len(answer) < RECEIVE_QUEUE_AT + 4:
        return None
    length: int = RECEIVE_QUEUE.unpack_from(answer, RECEIVE_QUEUE_AT)[0]
    return length
