"""The comment that has a finding ignored, in the language of a file."""

from __future__ import annotations

from collections.abc import Iterator

from keytrace.fixers.edits import Edit
from keytrace.model import StreamProvenance
from keytrace.text.document import Document
from keytrace.text.language import extension

_MARKS = {
    "// {}": "c cc cpp cs cjs dart go gradle groovy h hpp java js jsx jsonc kt kts mjs php proto rs scala scss swift "
    "ts tsx vue",
    "-- {}": "hs lua sql",
    "<!-- {} -->": "htm html md svg xml plist csproj",
    "/* {} */": "css",
    "; {}": "ini",
}
_BY_ENDING = {f".{ending}": mark for mark, endings in _MARKS.items() for ending in endings.split()}
_NONE = (".json", ".ipynb", ".csv")  # without comments


def comments(path: str, data: bytes, line: int, rule: str) -> Iterator[Edit]:
    """Yield edits that may have the finding of `rule` on a line ignored: a comment above it, and one at its end."""
    ending = extension(path)
    if ending in _NONE:
        return
    text = _BY_ENDING.get(ending, "# {}").format(f"keytrace:ignore[{rule}] -- no secret").encode()
    start, end = Document(StreamProvenance(path), data).line_span(line)
    content = data[start:end]
    indent = content[: len(content) - len(content.lstrip(b" \t"))]
    line_end = b"\r\n" if b"\r\n" in data else b"\n"
    yield Edit(start, start, indent + text + line_end)
    yield Edit(end, end, b"  " + text)
