# mistake: a loop around send, which keeps all others waiting
# module: peer.py
# check: test_peer.py::TestSend::test_kernel_that_is_full
# phrase: assert kernel.taken == data[:count]
class Peer:
    def send(self, now):
        """Give the kernel as much as it takes."""
        sent = 0
        while self.rest or self.next_piece():
            try:
                count = self.connection.send(self.rest)
            except BlockingIOError:
                continue
            sent += count
            self.rest = self.rest[count:]
        self.spend(now, sent)
        self.end_our_side(now)
