"""Commands about the workspace itself: init, demo, check, doctor, cache."""
