"""How the system absorbs change: what comes in, what gets done, and what more of it did before."""
