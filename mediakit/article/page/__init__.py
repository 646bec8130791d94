"""A saved page: its elements, what they hold, and which of them are the article."""
