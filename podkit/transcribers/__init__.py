"""Who hears words in speech: the transcribers that podkit knows, and the shelf for others."""

from podkit.transcribers import faster_whisper as faster_whisper
from podkit.transcribers import pocketsphinx as pocketsphinx
