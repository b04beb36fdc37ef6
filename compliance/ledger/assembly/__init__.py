"""A ledger put together from the files of one commit."""
