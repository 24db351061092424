"""What enters an image: contexts, ignore files, standard input, the commit's own files."""
