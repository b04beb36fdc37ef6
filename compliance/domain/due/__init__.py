"""What falls due, and when: certificates, audits, evidence, and what the registers promise."""
