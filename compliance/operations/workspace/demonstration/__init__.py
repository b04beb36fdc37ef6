"""The demonstration workspace: the story of an invented council, the files it brings in, and how it is replayed."""
