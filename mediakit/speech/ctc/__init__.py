"""A second witness: a small CTC head on the encoder tells how well the sound bears a text, syllable by syllable."""
