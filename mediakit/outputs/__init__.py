"""What a result becomes: subtitle files, the record, linked data, the reader page, and their safe writing."""
