"""A small CTC head on the encoder: how well the sound bears out a text, syllable by syllable."""
