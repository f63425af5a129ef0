# mistake: goes on to the next piece, whatever part of this one the kernel has taken
# module: peer.py
# check: test_peer.py::TestSend::test_three_bytes_at_a_time
# phrase: assert kernel.taken == data


class Peer:
    def send(self, now: float) -> None:
        """Give the kernel as much as it takes."""
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
