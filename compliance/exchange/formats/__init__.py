"""The formats that are read and written, a module each: found by the registry, and listed nowhere."""
