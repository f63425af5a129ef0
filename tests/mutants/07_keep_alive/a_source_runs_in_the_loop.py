# mistake: makes the pieces of a generated answer in the loop itself
# module: peer.py
# check: test_peer.py::test_each_generated_piece_is_a_job
# phrase: answer, head, each piece
class Peer:
    def next_piece(self):
        """Make the next piece the rest to send."""
        if self.pieces is None:
            return False
        return self.put(next(self.pieces, None))
