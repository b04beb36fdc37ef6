"""The command line: resolve, one call, render, exit."""
