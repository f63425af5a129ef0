# mistake: after a shortage nobody is taken any more
# module: coroutines.py
# check: test_coroutines.py::test_shortage
# phrase: nobody is taken any more
class Coroutines:
    async def accept(self) -> None:
        """Take whoever connects, each into a task of its own, for ever."""
        loop, shortage = asyncio.get_running_loop(), Shortage()
        self.service.listener.setblocking(False)
        for number in itertools.count(1):
            if number % BACKLOG == 0:
                await asyncio.sleep(0)  # who is inside has a turn, however many come
            try:
                connection, _ = await loop.sock_accept(self.service.listener)
            except ConnectionError:
                continue  # it has gone again
            except OSError as error:
                if self.service.stop.requested:
                    return  # the door is closed
                shortage.report(error)
                return
            else:
                self.welcome(connection)
