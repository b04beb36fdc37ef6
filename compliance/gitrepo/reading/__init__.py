"""What git holds: objects, trees, history and paths."""
