"""Which words of the article were said, and when."""
