"""From facts to changes, change sets, releases and today's names."""
