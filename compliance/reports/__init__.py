"""Views of a standing."""
