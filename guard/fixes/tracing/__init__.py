"""Follows a fix through a history: what brought it, what took it away."""
