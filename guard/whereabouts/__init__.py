"""Where a fix is, in every place that a repository has, and what became of it since it was made."""
