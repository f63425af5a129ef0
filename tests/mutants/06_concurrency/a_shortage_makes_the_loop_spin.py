# mistake: without descriptors it goes on to wait for clients that it cannot take
# module: event_loop.py
# check: test_event_loop.py::test_shortage
# phrase: makes it spin
class EventLoop:
    def welcome(self):
        """Take all who wait at the door."""
        try:
            for connection in waiting(self.service.listener):
                self.add(connection)
        except OSError as error:
            self.shortage.report(error)
