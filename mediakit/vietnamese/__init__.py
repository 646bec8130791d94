"""Vietnamese text alone: normal forms, syllables, how print is spoken."""
