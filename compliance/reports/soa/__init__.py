"""The statement of applicability as auditors read it."""
