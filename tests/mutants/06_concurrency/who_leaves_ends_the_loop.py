# mistake: takes a client that leaves for an error that nobody need expect
# module: peer.py
# check: test_peer.py::test_client_that_asks_nothing
# phrase: EOFError


class Peer:
    def proceed(self, now: float) -> None:
        """What it waited for is there: go on as far as that goes."""
        try:
            match self.stage:
                case Stage.RECEIVING:
                    self.receive(now)
                case Stage.SENDING:
                    self.send(now)
                case Stage.LINGERING:
                    self.drop()
        except BlockingIOError:
            pass  # a false alarm
