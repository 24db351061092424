"""What the javascript check thinks with: the verdict, the shape of broken files, the orphan."""
