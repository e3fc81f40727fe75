"""The words: what podkit talks about, as frozen values and pure functions.

Nothing here touches the disk, the clock or a library; every other floor speaks in these words.
"""
