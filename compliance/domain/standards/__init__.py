"""Standards as data: catalogues, what their controls expect, how their certificates live, how they relate."""
