"""What becomes of matches: duplicates, companions, suppressions, baselines, identities."""
