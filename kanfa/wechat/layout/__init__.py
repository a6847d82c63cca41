"""Layout of an article, measured in a browser: what the structure checker of the web editor judges, and what it misses.

The page is the reader's: the article as the draft API stores it, saved once in the editor, under the reader's own
styles. `measuring` asks the browser for rectangles, `judging` decides from them alone, `findings` names the places.
"""
