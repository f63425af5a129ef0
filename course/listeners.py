"""Which ports a process listens on, without knocking at them. Linux tells; other systems do not."""

import re
from pathlib import Path

PROC = Path("/proc")

LISTEN = "0A"
"""The state of a listening socket in /proc/net/tcp."""


def listening_ports(pid: int) -> list[int]:
    """The TCP ports that the process or one of its children listens on; [] if nobody knows."""
    inodes = {inode for member in family(pid) for inode in socket_inodes(member)}
    ports = [port for inode, port in listening_sockets().items() if inode in inodes]
    return sorted(set(ports))


def family(pid: int) -> set[int]:
    """The process and all that descend from it."""
    parents = {}
    for status in PROC.glob("[0-9]*/stat"):
        text = read(status)
        if found := re.match(r"\d+ \(.*\) \S (\d+)", text, re.DOTALL):
            parents[int(status.parent.name)] = int(found[1])
    members = {pid}
    while more := {child for child, parent in parents.items() if parent in members} - members:
        members |= more
    return members


def socket_inodes(pid: int) -> set[str]:
    """The inode numbers of the sockets that a process has open."""
    inodes = set()
    try:
        for descriptor in (PROC / str(pid) / "fd").iterdir():
            if found := re.fullmatch(r"socket:\[(\d+)\]", str(descriptor.readlink())):
                inodes.add(found[1])
    except OSError:
        pass  # It ended, or belongs to somebody else: what was found is all there is.
    return inodes


def listening_sockets() -> dict[str, int]:
    """The port of each listening TCP socket of this machine, by inode number."""
    sockets = {}
    for table in ("tcp", "tcp6"):
        for line in read(PROC / "net" / table).splitlines()[1:]:
            _, local, _, state, *others = line.split()
            if state == LISTEN:
                sockets[others[5]] = int(local.rpartition(":")[2], 16)
    return sockets


def read(path: Path) -> str:
    """The text of a file of /proc, "" where it is gone."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
