"""Reviewing results: a page on this machine on which a person corrects them, and saving what was corrected."""
