"""What reports share: heads, tables, pictures, words, documents."""
