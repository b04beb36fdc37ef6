"""Libraries of CISO Assistant: frameworks, and mappings between them."""
