# mistake: a socket can be written to nearly always: the loop never rests
# module: event_loop.py
# check: test_event_loop.py::TestFollow::test_begin_to_wait
# phrase: assert 3 == 1
class EventLoop:
    def follow(self, peer):
        """Let the selector wait for what the connection waits for now; close it if that is over."""
        before, events = self.peers[peer], peer.waits_for
        both = selectors.EVENT_READ | selectors.EVENT_WRITE
        if before and not events:
            self.selector.unregister(peer.connection)
        elif events and not before:
            self.selector.register(peer.connection, both, partial(self.go_on, peer))
        self.peers[peer] = events
        if peer.stage is Stage.DONE:
            del self.peers[peer]
            peer.close()
