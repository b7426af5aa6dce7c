"""Git repositories in, tables of facts out. The only stage that touches git."""
