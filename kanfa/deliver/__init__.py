"""Delivery: an approved release, and nothing else, goes to its channels. Nothing here renders an issue."""
