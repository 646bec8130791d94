"""Media files: ffmpeg (the only door to a process), what is in a file, its sound, its fingerprint."""
