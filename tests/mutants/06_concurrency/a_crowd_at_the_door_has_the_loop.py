# mistake: an await that need not wait lets nobody else run: who comes goes before who is here
# module: coroutines.py
# check: test_coroutines.py::test_crowd_at_the_door
# phrase: nobody inside had a turn
class Coroutines:
    async def accept(self) -> None:
        """Take whoever connects, each into a task of its own, for ever."""
        loop, shortage = asyncio.get_running_loop(), Shortage()
        self.service.listener.setblocking(False)
        while True:
            try:
                connection, _ = await loop.sock_accept(self.service.listener)
            except ConnectionError:
                continue  # it has gone again
            except OSError as error:
                if self.service.stop.requested:
                    return  # the door is closed
                shortage.report(error)
                await asyncio.sleep(SHORTAGE_SECONDS)
            else:
                self.welcome(connection)
