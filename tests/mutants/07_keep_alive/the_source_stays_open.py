# mistake: lets go of the socket, and not of what the answer has open
# module: peer.py
# check: test_peer.py::test_client_that_leaves_in_the_middle_of_an_answer
# phrase: assert [] == [1]
class Peer:
    def close(self):
        """Let the connection go."""
        self.sock.close()
