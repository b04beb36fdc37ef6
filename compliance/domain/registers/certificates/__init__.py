"""The life of a certificate: its cycles, how it stands on a day, and what may follow what."""
