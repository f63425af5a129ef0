# mistake: takes what `send` was given for what it has sent
# module: peer.py
# check: test_peer.py::test_to_be_named
# phrase: to be named
class Peer:
    def send(self, now: float) -> None:
        """Give the kernel one piece after the other."""
        sent = 0
        while sent < TURN_BYTES and self.next_piece():
            try:
                sent += self.connection.send(self.rest)
            except BlockingIOError:
                break
        self.rest = memoryview(b"")
        self.spend(now, sent)
        if self.pieces is None:
            self.end_our_side(now)
