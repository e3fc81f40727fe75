"""What a folder must hold to be a model of PocketSphinx: sounds, pronunciations, and sentences."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from podkit.errors import FileError


class ModelFiles(NamedTuple):
    """The acoustic model's folder, the dictionary and the language model."""

    sounds: Path
    words: Path
    sentences: Path


def model_files(folder: Path) -> ModelFiles:
    """The three parts, as the models that are offered for download have them.

    Raises:
        FileError: it is no folder, or a part is missing.
    """
    if not folder.is_dir():
        raise FileError("the model is not there", where=folder, hint="--model names a folder")
    inside = sorted(folder.iterdir())
    sounds = [one for one in (folder, *inside) if (one / "mdef").is_file()]
    words = [one for one in inside if one.suffix == ".dict"]
    sentences = [one for one in inside if one.name.endswith((".lm.bin", ".lm", ".lm.gz"))]
    for found, what in (
        (sounds, "an acoustic model (a folder with mdef)"),
        (words, "a dictionary (.dict)"),
        (sentences, "a language model (.lm or .lm.bin)"),
    ):
        if len(found) != 1:
            much = "lacks" if not found else "has more than one of"
            raise FileError(f"the model {much} {what}", where=folder)
    return ModelFiles(sounds[0], words[0], sentences[0])
