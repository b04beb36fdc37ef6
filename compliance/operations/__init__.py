"""One module for each verb that changes the ledger."""
