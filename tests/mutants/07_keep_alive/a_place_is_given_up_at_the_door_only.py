# mistake: looks for an idle client when somebody comes, and never again
# module: coroutines.py
# check: test_serving.py::test_who_comes_while_an_answer_is_sent[asyncio]
# phrase: TimeoutError
class Coroutines:
    async def converse(self, reader, writer, connection):
        """Do what the state of the connection asks for."""
        with closing(connection):
            while connection.state not in (State.LINGERING, State.CLOSED):
                if connection.state is State.ANSWERING:
                    async with aclosing(self.pieces(connection)) as pieces:
                        await send(writer, pieces, connection.patience)
                    connection.sent()
                else:
                    for piece in connection.interim():
                        writer.write(piece)
                    await hear(reader, connection)
        if connection.state is State.LINGERING:
            await linger(reader, writer)
