"""Hooks of git: what they run, where git looks for them, and putting them there beside those that are there."""
