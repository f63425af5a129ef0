# mistake: sends for as long as the client takes it
# module: peer.py
# check: test_peer.py::TestSend::test_others_have_their_turn
# phrase: TURN_BYTES
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
        if not self.rest and self.pieces is None:
            self.end_our_side(now)
