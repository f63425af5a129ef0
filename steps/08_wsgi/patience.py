"""How long we wait for a client: time limits that no trickle of bytes can stretch."""

LEAST_BYTES_PER_SECOND = 1024
"""Who is slower than that, for longer than we are patient, is dropped. Whoever means to use the
answer is faster; who attacks with a byte a second is not."""

WRITE_SECONDS = 30.0
"""How long a client may take nothing of our answer. What we see is what the kernel takes from us,
and that comes in gulps: it has no room for more until a third of its buffer has gone out."""

LINGER_SECONDS = 1.0
"""How long we wait, after our last byte, for the client to close its side too."""

LAST_CALL_SECONDS = 0.5
"""When we stop: how long a client that has said nothing yet may still begin."""


class Patience:
    """The time that is left to a client, for sending its request or for taking our answer.

    It knows no clock: whoever waits tells how long that was.
    """

    def __init__(self, seconds: float) -> None:
        """At first, and at the most, there are so many seconds left."""
        self.most = self.left = seconds

    def spend(self, seconds: float, count: int) -> None:
        """We have waited for so many seconds, and so many bytes went through meanwhile.

        What was waited is taken off. Each LEAST_BYTES_PER_SECOND bytes give a second back, but
        never more than there was at first: a fast start is no licence to be slow later.
        """
        self.left = min(self.most, self.left - seconds + count / LEAST_BYTES_PER_SECOND)
