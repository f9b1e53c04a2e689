"""Evidence for and against a value under a name."""
