"""What the commands of the registers share: opening and filing records, lists, imports, days that were promised."""
