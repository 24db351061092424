"""The readers: files of each format as values with the places they stand at."""
