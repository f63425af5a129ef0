# mistake: a loop that forgets to unregister a closed socket
# module: event_loop.py
# check: test_event_loop.py::TestFollow::test_done
# phrase: loop.selector.watched == {}
class EventLoop:
    def follow(self, peer):
        """Let the selector wait for what the connection waits for now; close it if that is over."""
        before, events = self.peers[peer], peer.waits_for
        if peer.stage is Stage.DONE:
            del self.peers[peer]
            peer.close()
            return
        if before and not events:
            self.selector.unregister(peer.connection)
        elif events and not before:
            self.selector.register(peer.connection, events, partial(self.go_on, peer))
        elif events != before:
            self.selector.modify(peer.connection, events, partial(self.go_on, peer))
        self.peers[peer] = events
