"""Tests of what changes together."""
