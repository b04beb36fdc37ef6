"""Where a workspace keeps its cache, the edition of the code that fills it, and what ships with the program."""
