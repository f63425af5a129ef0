# mistake: sends the piece from its beginning when the kernel has taken a part
# module: peer.py
# check: test_peer.py::TestSend::test_kernel_that_is_full
# phrase: assert kernel.taken == data[:count]
class Peer:
    def send(self, now):
        """Give the kernel as much as it takes."""
        sent = 0
        while sent < TURN_BYTES and (self.rest or self.next_piece()):
            try:
                count = self.connection.send(self.rest)
            except BlockingIOError:
                break
            sent += count
            if count == len(self.rest):
                self.rest = memoryview(b"")
        self.spend(now, sent)
        if not self.rest and self.pieces is None:
            self.end_our_side(now)
