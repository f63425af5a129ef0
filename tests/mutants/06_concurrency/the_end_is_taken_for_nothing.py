# mistake: takes b"" for "nothing has come yet"
# module: peer.py
# check: test_peer.py::test_client_that_asks_nothing
# phrase: Stage.DONE


class Peer:
    def receive(self, now: float) -> None:
        """Take what has come, if anything has."""
        data = self.connection.recv(CHUNK_BYTES)
        self.spend(now, len(data))
        if data and self.exchange.feed(data):
            self.enter(Stage.ANSWERING, 0, now)
