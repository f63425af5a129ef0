# mistake: gives the same job to a thread each time it looks
# module: event_loop.py
# check: test_event_loop.py::test_each_job_goes_to_a_thread_once
# phrase: assert 3 == 1
class EventLoop:
    def follow(self, peer):
        """Let the selector wait for what the connection waits for now."""
        before, events = self.peers[peer], peer.waits_for
        if before and not events:
            self.selector.unregister(peer.sock)
        elif events and not before:
            self.selector.register(peer.sock, events, partial(self.go_on, peer))
        elif events != before:
            self.selector.modify(peer.sock, events, partial(self.go_on, peer))
        self.peers[peer] = events
        if peer.is_done:
            del self.peers[peer]
            peer.close()
        elif peer.job:
            self.handlers.submit(peer.job).add_done_callback(partial(self.deliver, peer))
