"""What WeChat does to an article after we sent it, as pure functions of text.

    storage.py  L1: the filter of draft/add and draft/update    editor.py  L3: opening and saving in the web editor
    reader.py   L4: what the reader's page shows                markup.py  HTML with attributes as they were written

A step's evidence stands beside it; where accounts were seen to differ, `Account` says which kind is meant.
"""
