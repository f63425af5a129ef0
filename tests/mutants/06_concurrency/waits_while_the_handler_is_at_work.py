# mistake: goes on to wait for a client that nobody reads from: the loop spins
# module: event_loop.py
# check: test_event_loop.py::TestFollow::test_wait_for_nothing
# phrase: events_on(loop, peer) == 0
class EventLoop:
    def follow(self, peer):
        """Let the selector wait for what the connection waits for now; close it if that is over."""
        before, events = self.peers[peer], peer.waits_for
        if events and not before:
            self.selector.register(peer.connection, events, partial(self.go_on, peer))
        elif events and events != before:
            self.selector.modify(peer.connection, events, partial(self.go_on, peer))
        self.peers[peer] = events or before
        if peer.stage is Stage.DONE:
            if before:
                self.selector.unregister(peer.connection)
            del self.peers[peer]
            peer.close()
