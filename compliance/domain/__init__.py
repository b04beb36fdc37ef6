"""What the tool is about: catalogues, records, assessment, renewals. Pure: no I/O, no clock."""
