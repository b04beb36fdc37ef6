"""What falls due, as a list and along a line of months."""
