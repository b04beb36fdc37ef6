"""Records of the registers added, changed and imported."""
