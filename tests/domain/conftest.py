"""Examples are drawn the same way every time, so that a failure is one that anybody can repeat."""

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, max_examples=300, deadline=None, database=None)
settings.load_profile("repeatable")
