# mistake: the loop's clients have the usual time limit, whatever the option says
# module: event_loop.py
# check: test_event_loop.py::test_time_limits
# phrase: == 7.0
class EventLoop:
    def add(self, connection: socket.socket) -> None:
        """A new connection: it is served, or queued, or told that we are busy."""
        service, now = self.service, time.monotonic()
        over = len(self.peers) - service.max_connections
        if over >= service.queue:
            return self.leaving.add(connection)
        exchange = Exchange(service.handler, address(connection))
        peer = Peer(connection, exchange, service.read_timeout, now)
        self.peers[peer] = 0
        if over >= 0:
            peer.stage = Stage.QUEUED
            self.queue.append(peer)
        self.follow(peer)
