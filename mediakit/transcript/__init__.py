"""What is said, as segments."""
