# mistake: calls the connection that was registered last, whichever is ready
# module: event_loop.py
# check: test_event_loop.py::TestFollow::test_call
# phrase: assert called == peers[::-1]
class EventLoop:
    def follow(self, peer):
        """Let the selector wait for what the connection waits for now; close it if that is over."""
        before, events = self.peers[peer], peer.waits_for
        self.newest = peer
        if before and not events:
            self.selector.unregister(peer.connection)
        elif events and not before:
            self.selector.register(peer.connection, events, lambda: self.go_on(self.newest))
        elif events != before:
            self.selector.modify(peer.connection, events, lambda: self.go_on(self.newest))
        self.peers[peer] = events
        if peer.stage is Stage.DONE:
            del self.peers[peer]
            peer.close()
