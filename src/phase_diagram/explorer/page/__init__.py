"""The page itself: plots, words and script in one file that asks nothing of any network.

Here are the only files of the project in other languages: page.html, page.css and the scripts, in
the order in which they are put together.
"""
