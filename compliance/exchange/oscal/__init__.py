"""OSCAL catalogues and profiles, read and written."""
