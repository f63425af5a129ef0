# mistake: takes a kernel that is full for a client that has all
# module: peer.py
# check: test_peer.py::TestSend::test_kernel_that_is_full
# phrase: our side ended before all was sent
class Peer:
    def send(self, now):
        """Give the kernel as much as it takes."""
        sent = 0
        while self.rest or self.next_piece():
            try:
                count = self.connection.send(self.rest)
            except BlockingIOError:
                break
            sent += count
            self.rest = self.rest[count:]
        self.spend(now, sent)
        self.end_our_side(now)
