# mistake: answers 408 to a client that has asked nothing
# module: peer.py
# check: test_peer.py::test_silent_client_is_let_go
# phrase: Stage.DONE


from errors import HTTPError


class Peer:
    def expire(self, now: float) -> None:
        """Its time is up: 408, and the end for who takes our answer too slowly."""
        if self.stage is Stage.RECEIVING:
            self.exchange.outcome = HTTPError(408, "The request did not come.")
            self.begin(self.exchange.answer(), now)
        else:
            self.stage = Stage.DONE
