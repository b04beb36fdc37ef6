"""Text with places: YAML and TOML read as trees, decoded into values, and edited in place."""
