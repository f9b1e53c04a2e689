"""Is a key still live? finding → question → request → exchange → verdict. Nothing here runs unless a user asks for it.

Where a provider is asked, and what its answers mean, are data: `verify` of a rule (rules/probes.py).
"""
