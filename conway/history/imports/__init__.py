"""Tables of reviews, pipeline runs, deployments, incidents and surveys, joined to changes."""
