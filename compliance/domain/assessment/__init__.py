"""From a ledger to the verdicts for one scope on one day."""
