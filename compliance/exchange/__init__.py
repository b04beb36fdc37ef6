"""Foreign formats, in and out: what other tools keep, as catalogues of ours, and ours as theirs."""
