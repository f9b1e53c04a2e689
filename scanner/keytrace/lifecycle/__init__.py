"""Keys by name and by value: where each is defined, read, sent, logged, documented and shipped, and what that means."""
