"""Kanfa (刊发): one Markdown issue in; checked e-mail, PDF and WeChat article out.

The package is the engine. It never imports Prefect: the flows in `flows/` call it.
"""

__version__ = "0.1.0"
