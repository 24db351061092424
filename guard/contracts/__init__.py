"""What the contracts and compose checks need to think: places, selectors, values, relations."""
