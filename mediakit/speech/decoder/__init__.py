"""A Whisper decoder of one's own: steps, and texts aligned fast."""
