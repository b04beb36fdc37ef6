"""One expectation judged by its rule: by age, in a series, or after an event."""
