"""What the contracts check thinks with: places, selectors, relations."""
