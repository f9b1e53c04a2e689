"""TOML files with errors that say file, line and reason."""

from __future__ import annotations

import re
from typing import Any

from scanner.errors import ScannerError

_PLACE = re.compile(r" \(at line (\d+), column \d+\)$")


def load_toml(content: bytes | str, origin: str) -> dict[str, Any]:
    """Parse TOML; `origin` names the file in the ScannerError that is raised when it is not valid."""
    import tomllib  # 5 ms to import: most runs have everything in a cache

    try:
        return tomllib.loads(content if isinstance(content, str) else content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ScannerError(f"{origin}: not UTF-8 (byte {error.start})") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        reason = str(error)
        place = _PLACE.search(reason)
        where = f"{origin}:{place[1]}" if place else origin
        raise ScannerError(f"{where}: not valid TOML: {_PLACE.sub('', reason)}") from error
