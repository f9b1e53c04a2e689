"""Where patterns fire, and what stands beside a value."""
