"""Git as a process: how it is run, with which settings, and what its failures mean."""
