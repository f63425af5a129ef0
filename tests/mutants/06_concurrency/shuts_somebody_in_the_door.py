# mistake: the door is cancelled in the moment in which somebody comes in
# module: coroutines.py
# check: test_coroutines.py::test_who_comes_in_as_the_door_is_closed
# phrase: somebody
class Coroutines:
    async def run(self) -> None:
        """Serve until the order to stop, and then until all is done that is in flight."""
        loop, stop = asyncio.get_running_loop(), self.service.stop
        door = asyncio.create_task(self.accept())
        door.add_done_callback(lambda door: stop.wake())
        while not (stop.requested or door.done()):
            await loop.sock_recv(stop.reader, CHUNK_BYTES)
        for _ in range(FAREWELL_TURNS):
            await asyncio.sleep(0)
        self.service.listener.close()
        door.cancel()
        await self.finish()
        if door.done() and not door.cancelled():
            door.result()  # what has ended it, if it was an error
