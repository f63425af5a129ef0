# mistake: runs the handlers in the loop itself, whatever they wait for
# module: coroutines.py
# check: test_serving.py::test_all_are_served_at_the_same_time[asyncio]
# phrase: the others did not come while I was at work
class Coroutines:
    async def talk(self, reader, writer, exchange):
        """Serve one connection."""
        seconds = self.service.read_timeout
        await receive(reader, exchange, seconds)
        await send(writer, exchange.answer(), seconds)
        await linger(reader, writer)
