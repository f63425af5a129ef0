# mistake: registers what is registered already
# module: event_loop.py
# check: test_event_loop.py::TestFollow::test_wait_for_something_else
# phrase: is registered already
class EventLoop:
    def follow(self, peer):
        """Let the selector wait for what the connection waits for now; close it if that is over."""
        before, events = self.peers[peer], peer.waits_for
        if events and events != before:
            self.selector.register(peer.connection, events, partial(self.go_on, peer))
        elif before and not events:
            self.selector.unregister(peer.connection)
        self.peers[peer] = events
        if peer.stage is Stage.DONE:
            del self.peers[peer]
            peer.close()
