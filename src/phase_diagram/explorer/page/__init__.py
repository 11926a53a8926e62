"""The page itself: plots, texts and scripts in one self-contained file that works offline.

This folder has the only files of the project in other languages: page.html, page.css and the
scripts, in the order in which they are joined.
"""
