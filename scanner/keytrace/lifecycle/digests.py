"""Digests that tell whether two values are equal, and nothing else to who does not have the user's own key.

They are keyed (HMAC-SHA256), because a plain hash of a short secret can be guessed from.
"""

from __future__ import annotations

import hmac
import os

SETTING = "KEYTRACE_INVENTORY_KEY"  # a file with the key, to share between machines
_SIZE = 32
_SHOWN = 16  # hexadecimal digits


class Digests:
    """Makes digests with one key; without one there are none that may be shown."""

    def __init__(self, key: bytes) -> None:
        self._own = key or os.urandom(_SIZE)
        self.may_be_shown = bool(key)

    def of(self, value: bytes) -> str:
        """Return the digest of a value."""
        return hmac.new(self._own, value, "sha256").hexdigest()[:_SHOWN]


def load_key(given: str = "") -> tuple[bytes, str]:
    """Return the key in the file `given`, else the user's own, made when first asked for; and why there is none."""
    path = given or os.environ.get(SETTING) or ""
    if not path:
        import platformdirs

        path = os.path.join(platformdirs.user_data_dir("keytrace", appauthor=False), "inventory.key")
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
        return load_key(path)  # another run was faster
    except OSError as error:
        return b"", f"{path}: {error.strerror}"
    os.write(file, key)
    os.close(file)
    return key, ""
