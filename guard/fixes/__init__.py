"""What the fixes check thinks with: rule files, patterns, repairs, where a fix was lost."""
