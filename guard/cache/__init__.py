"""Findings kept from run to run, under everything that they depend on."""
