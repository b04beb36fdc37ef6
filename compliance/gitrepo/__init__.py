"""Git, read and written through one hardened module."""
