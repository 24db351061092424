"""What turns the code that a pattern met into its replacement."""
