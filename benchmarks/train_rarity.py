"""Train scoring/trigrams.bin from the words in the source of the running Python's standard library.

    python benchmarks/train_rarity.py

Deterministic for one version of Python: the same files give the same table.
"""

from __future__ import annotations

import math
import re
import sysconfig
from collections import Counter
from pathlib import Path

from keytrace.scoring.rarity import TABLE

_WORD = re.compile(r"[A-Z]?[a-z]{2,20}|[A-Z]{2,20}(?![a-z])")


def train(folder: Path) -> bytes:
    words: Counter[str] = Counter()
    for file in sorted(folder.rglob("*.py")):
        if "site-packages" not in file.parts:
            words.update(word.lower() for word in _WORD.findall(file.read_text("utf-8", "replace")))
    trigrams: list[float] = [0.5] * 27**3  # every trigram was seen half a time
    for word, count in words.items():
        weight = 1 + math.log2(count)  # a word of a thousand occurrences is not a thousand words
        first = second = 0
        for char in word:
            third = ord(char) - 96
            trigrams[(first * 27 + second) * 27 + third] += weight
            first, second = second, third
    table = bytearray(27**3)
    for pair in range(27**2):
        row = trigrams[pair * 27 : pair * 27 + 27]
        total = sum(row)
        for third, count in enumerate(row):
            table[pair * 27 + third] = min(255, round(-8 * math.log2(count / total)))
    return bytes(table)


if __name__ == "__main__":
    TABLE.write_bytes(train(Path(sysconfig.get_path("stdlib"))))
    print(f"{TABLE.name}: {TABLE.stat().st_size} bytes")
