"""What the notebooks work with: a step's modules, servers that always stop, bytes, drawings.

    step = lab.step("02")
    with lab.serve("02") as server:
        lab.see(lab.converse(server, b"GET / HTTP/1.1\\r\\n", 0.2, b"Host: a\\r\\n\\r\\n"))

Nothing of a step is copied here: `step` and `serve` take the real files.
"""

from course.lab.charts import box, bytes_below, legend, name_tiles, strips, tiles
from course.lab.drawing import BLUE, GREEN, GREY, INK, ORANGE, PAPER, PURPLE, RED, show, subplots
from course.lab.seeing import code, see, table
from course.lab.servers import Server, network, serve
from course.lab.stages import step
from course.lab.talking import Talk, converse

__all__ = [
    "BLUE",
    "GREEN",
    "GREY",
    "INK",
    "ORANGE",
    "PAPER",
    "PURPLE",
    "RED",
    "Server",
    "Talk",
    "box",
    "bytes_below",
    "code",
    "converse",
    "legend",
    "name_tiles",
    "network",
    "see",
    "serve",
    "show",
    "step",
    "strips",
    "subplots",
    "table",
    "tiles",
]
