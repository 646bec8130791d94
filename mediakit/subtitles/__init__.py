"""Files of captions: one module a format, each format both ways where players' files have to be read."""
