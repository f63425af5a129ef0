# mistake: takes a piece without a byte for the end of the answer
# module: peer.py
# check: test_peer.py::TestSend::test_empty_piece
# phrase: headcontent
class Peer:
    def next_piece(self):
        """Get the next piece of the answer; False where there is none."""
        piece = next(self.pieces, None) if self.pieces else None
        if not piece:
            self.pieces = None
        self.rest = memoryview(piece or b"")
        return bool(piece)
