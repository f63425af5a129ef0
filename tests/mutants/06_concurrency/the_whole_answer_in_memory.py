# mistake: joins all pieces before it sends the first
# module: peer.py
# check: test_peer.py::TestSend::test_no_piece_before_it_is_needed
# phrase: assert 5 <= 2
class Peer:
    def next_piece(self):
        """Get the next piece of the answer; False where there is none."""
        piece = b"".join(self.pieces) if self.pieces else None
        self.pieces = None
        self.rest = memoryview(piece or b"")
        return bool(piece)
