# mistake: keeps the rest as bytes: to cut off what was taken copies all of it
# module: peer.py
# check: test_peer.py::TestNextPiece::test_rest_is_a_view
# phrase: memoryview
class Peer:
    def next_piece(self) -> bool:
        """Make the next piece the rest to send. False after the last one: no pieces, no rest."""
        piece = next(self.pieces, None) if self.pieces else None
        if piece is None:
            self.pieces = None
        self.rest = piece or b""
        return piece is not None
