"""The accreditation programme: every register in one report."""
