"""From sound to words: engines, models, voice activity, windows, and what is heard kept on disk."""
