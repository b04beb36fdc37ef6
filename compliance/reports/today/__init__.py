"""What is to be done now, on one screen."""
