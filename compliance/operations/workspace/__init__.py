"""A workspace begun, or a demonstration of one built."""
