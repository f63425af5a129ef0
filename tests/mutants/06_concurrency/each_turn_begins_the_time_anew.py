# mistake: a client that takes a byte now and then keeps its place for ever
# module: peer.py
# check: test_peer.py::TestSend::test_patience_of_who_takes_nothing
# phrase: peer.deadline
class Peer:
    def send(self, now):
        """Give the kernel as much as it takes."""
        self.enter(Stage.SENDING, self.write_seconds, now)
        sent = 0
        while sent < TURN_BYTES and (self.rest or self.next_piece()):
            try:
                count = self.connection.send(self.rest)
            except BlockingIOError:
                break
            sent += count
            self.rest = self.rest[count:]
        if not self.rest and self.pieces is None:
            self.end_our_side(now)
