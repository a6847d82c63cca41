"""Pictures of a release as its readers will see it, for people to look at before they approve."""
