"""The issue: its typed tree, the reader that builds it from Markdown, and the editorial lint."""
