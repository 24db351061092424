"""What reads JavaScript faster than guard does, and may say yes before it."""
