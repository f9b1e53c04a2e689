"""Reads a module: what expressions evaluate to and statements do. It knows no rule: it tells of events."""
