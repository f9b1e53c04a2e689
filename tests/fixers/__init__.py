"""Tests of the fixers; modules share names with those of other parts, so this is a package."""
