"""An article as it reads, from any file it was saved in."""
