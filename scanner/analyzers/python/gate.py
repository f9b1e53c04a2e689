"""Which Python files are worth reading."""
from __future__ import annotations
import re
from functools import lru_cache
from scanner.model import Additions
_W=re.compile(rb"(?i)passw|pwd|pass_?phrase|secret|token|key|credential|creds|bearer|jwt|dsn|auth|mnemonic|conn|://|webhook|environ|headers|locals|vars|config")
class Gate:
    def passes(self,data:bytes)->bool:
        return _W.search(data) is not None
@lru_cache
def gate(additions: Additions)->Gate:
    return Gate()
