"""Writes that were broken off: the marker that each leaves until all has followed, and how it is put right."""
