"""`compliance standards` and its subcommands."""
