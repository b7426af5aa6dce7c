"""What manifests say that they provide and need.

In:  the path and the text of one manifest.
Out: ``Manifest``: names that it gives its folder, names and folders that it needs.
"""
