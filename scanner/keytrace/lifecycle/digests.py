"""Digests that tell whether two values are equal, and nothing else to who does not have the user's own key.

They are keyed (HMAC-SHA256), because a plain hash of a short secret can be guessed from. The last digits are keyed,
too: a digest that is mistyped, or made with another key, is known for what it is.
"""

from __future__ import annotations

import hmac
import os

from keytrace.errors import ScannerError

SETTING = "KEYTRACE_INVENTORY_KEY"  # a file with the key, to share between machines
_SIZE = 32
_SHOWN, _CHECKED = 12, 4  # hexadecimal digits: of the value, and those that prove them


class Digests:
    """Makes digests with one key; without one there are none that may be shown."""

    def __init__(self, key: bytes) -> None:
        self._own = key or os.urandom(_SIZE)
        self.may_be_shown = bool(key)
        self.key_id = self._code(b"\0id", 8) if key else ""  # tells whether two inventories can be compared

    def of(self, value: bytes) -> str:
        """Return the digest of a value."""
        shown = self._code(value, _SHOWN)
        return shown + self._code(b"\0of" + shown.encode(), _CHECKED)

    def made(self, digest: str) -> bool:
        """Tell whether this key made a digest."""
        return self._code(b"\0of" + digest[:_SHOWN].encode(), _CHECKED) == digest[_SHOWN:]

    def fits(self, digest: str, value: bytes) -> bool:
        """Tell whether a digest, one that this key made, is that of a value."""
        return self._code(value, _SHOWN) == digest[:_SHOWN]

    def _code(self, data: bytes, digits: int) -> str:
        return hmac.digest(self._own, data, "sha256").hex()[:digits]


def load_key(given: str = "") -> tuple[bytes, str]:
    """Return the key in the file `given`, else the user's own, made when first asked for; and why there is none.

    Raise ScannerError for a file that is named, by `given` or the environment, and holds none.
    """
    if named := given or os.environ.get(SETTING) or "":
        key, why = _in_file(named)
        if why:
            raise ScannerError(
                f"no key of digests: {why}", "--key-file and KEYTRACE_INVENTORY_KEY name a file with one"
            )
        return key, ""
    return _in_file(_usual())


def _usual() -> str:
    """Return the file with the user's own key."""
    import platformdirs

    return os.path.join(platformdirs.user_data_dir("keytrace", appauthor=False), "inventory.key")


def _in_file(path: str) -> tuple[bytes, str]:
    try:
        with open(path, "rb") as file:
            key = file.read(4096).strip()
        return (key, "") if len(key) >= 16 else (b"", f"{path}: a key has at least 16 bytes")
    except FileNotFoundError:
        return _made(path)
    except OSError as error:
        return b"", f"{path}: {error.strerror}"


def _made(path: str) -> tuple[bytes, str]:
    """Return a new key, kept in a file that only the user can read."""
    key = os.urandom(_SIZE).hex().encode()
    try:
        os.makedirs(os.path.dirname(path) or ".", mode=0o700, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _in_file(path)  # another run was faster
    except OSError as error:
        return b"", f"{path}: {error.strerror}"
    os.write(file, key)
    os.close(file)
    return key, ""
