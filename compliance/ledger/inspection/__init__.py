"""Every problem of a workspace, each at its place in a file."""
