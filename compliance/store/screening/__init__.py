"""What must not lie in a shared repository, looked for in texts and in what holds texts."""
