# mistake: does not look for idle connections when others wait in the queue
# module: event_loop.py
# check: test_event_loop.py::test_idle_client_gives_way
# phrase: assert idle.closed
class EventLoop:
    def sweep(self, now):
        """Look whose time is up."""
        for peer in list(self.peers):
            if peer.deadline <= now or (peer.is_idle and now >= self.last_call):
                peer.expire(now)
                self.follow(peer)
        self.leaving.tidy()
        if self.accept_at <= now and self.last_call == NEVER:
            self.selector.register(self.service.listener, selectors.EVENT_READ, self.welcome)
            self.accept_at = NEVER
