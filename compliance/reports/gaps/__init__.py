"""The gap report, and one control explained."""
