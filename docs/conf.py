"""How Sphinx builds these pages (``make docs``; a warning is an error).

Every page also reads well where the repository is browsed: plain Markdown, relative links.
"""

from conway import __version__

project = "conway"
author = "the conway authors"
copyright = author  # noqa: A001 - Sphinx's name for it
version = release = __version__

extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
]
exclude_patterns = ["build"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}

# -- Markdown and notebooks ------------------------------------------------------------
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # the tests run every notebook
suppress_warnings = ["myst.header"]  # pages print tables of their own depth

# -- Reference -------------------------------------------------------------------------
autodoc_typehints = "none"  # numpydoc says types where they help
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

# -- Pages -----------------------------------------------------------------------------
html_theme = "pydata_sphinx_theme"
html_title = "conway"
html_static_path: list[str] = []
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "show_nav_level": 1,
    "navigation_depth": 2,
    "navbar_end": ["theme-switcher"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
    "header_links_before_dropdown": 6,
}
