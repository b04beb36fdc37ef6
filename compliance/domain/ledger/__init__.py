"""What a commit says: settings, evidence, and who approved which bytes."""
