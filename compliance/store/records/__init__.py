"""Evidence records, rules, series and settings: their text read and written."""
