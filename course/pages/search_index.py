"""The index of the site's search: it holds the pages' words, and not the code that they show.

Whoever looks for a term wants the page that explains it, and not the longest module that has the
word in it. And each visitor fetches the index: without code it is half as large.
"""

import json
import re
from pathlib import Path

PLACE = Path("search", "search_index.json")

CODE = re.compile(r"<pre>.*?</pre>", re.DOTALL)


def leave_out_code(site: Path) -> None:
    """Write the index of a built site again, without its blocks of code."""
    path = site / PLACE
    index = json.loads(path.read_text(encoding="utf-8"))
    for document in index["docs"]:
        document["text"] = CODE.sub("", document["text"])
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text, encoding="utf-8", newline="\n")
