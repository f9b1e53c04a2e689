"""Beside tests of the same names."""
