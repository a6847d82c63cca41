"""What mail programs support: the data of caniemail.com, reduced, and what it says about a mail.

`caniemail.json` is written by `python -m kanfa.email.clients.update`, never by hand and never during a run; `table`
reads it, `names` says how its features are recognised, `exempt` what is not reported and why, `weights` how much each
client matters to a publication, `detect` finds the features of a mail.
"""
