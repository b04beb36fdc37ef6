"""Standards taken into use, brought up to date, imported and migrated."""
