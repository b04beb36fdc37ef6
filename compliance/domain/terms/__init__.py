"""The words that everything else is said in: kinds and verdicts, names of controls, days, durations and periods."""
