"""YAML records and catalogues as located text, and the index on SQLite."""
