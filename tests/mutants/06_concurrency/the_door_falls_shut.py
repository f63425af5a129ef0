# mistake: closes the door on those who wait before it
# module: event_loop.py
# check: test_serving.py::test_stop_loses_nobody[selectors]
# phrase: Who is served when the order to stop comes, or waits for that, gets an answer
class EventLoop:
    def close_door(self):
        """From now on nobody can connect."""
        self.pause_accepting(NEVER)
        self.service.listener.close()
        self.last_call = time.monotonic() + LAST_CALL_SECONDS

    def run(self):
        """Go round until the order to stop, and then until all is done that is in flight."""
        self.service.listener.setblocking(False)
        self.selector.register(self.service.stop, selectors.EVENT_READ, self.service.stop.woken)
        self.sweep(time.monotonic())
        while not self.service.stop.requested:
            self.turn()
        self.close_door()
        for peer in self.peers:
            peer.close()
        self.selector.close()
