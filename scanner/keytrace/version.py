"""The version: in reports, and in the names of what is cached."""

from __future__ import annotations

__version__ = "0.1.0"
