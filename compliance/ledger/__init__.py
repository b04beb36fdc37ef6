"""What a commit says: reads only."""
