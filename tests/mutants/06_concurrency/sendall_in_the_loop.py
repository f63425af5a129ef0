# mistake: a selector loop that sends with sendall
# module: peer.py
# check: test_peer.py::TestSend::test_three_bytes_at_a_time
# phrase: sendall does not fit
class Peer:
    def send(self, now):
        """Give the kernel as much as it takes."""
        while self.rest or self.next_piece():
            self.connection.sendall(self.rest)
            self.spend(now, len(self.rest))
            self.rest = memoryview(b"")
        self.end_our_side(now)
