"""Captions: the rules of a profile, and cutting what is said into cues that keep them."""
