"""How work is spread: in this process, over a pool, or by any executor."""
