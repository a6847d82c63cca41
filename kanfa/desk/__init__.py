"""The editor's desk: what an editor does before publishing.

Two things here talk to the network, and nothing else ever does: `pull` brings pictures home, `links` asks whether
addresses answer. `transport` and `fetch` are their one way out of this machine, `guard` says where it may lead.
`lockfile` is all that rendering knows of it, and needs no network.
"""
