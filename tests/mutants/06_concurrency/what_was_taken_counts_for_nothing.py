# mistake: a full kernel ends `send` before anybody has counted
# module: peer.py
# check: test_peer.py::TestSend::test_patience_of_who_takes_something
# phrase: peer.deadline
class Peer:
    def send(self, now):
        """Give the kernel as much as it takes."""
        sent = 0
        while sent < TURN_BYTES and (self.rest or self.next_piece()):
            count = self.connection.send(self.rest)
            sent += count
            self.rest = self.rest[count:]
        self.spend(now, sent)
        if not self.rest and self.pieces is None:
            self.end_our_side(now)
