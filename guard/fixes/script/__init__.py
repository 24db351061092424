"""JavaScript for fixes: its files, its patterns, its names."""
