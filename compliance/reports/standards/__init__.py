"""Standards, controls and their relations listed and shown."""
