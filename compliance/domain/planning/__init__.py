"""What to do next: the fewest pieces that close the most gaps, a wider certificate, a newer version."""
