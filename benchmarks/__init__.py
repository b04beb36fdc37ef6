"""What the product costs, as a multiple of work that nothing could do without."""
