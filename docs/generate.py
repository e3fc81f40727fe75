"""Writes the pages of docs/ that are made from the code, and tells whether they are in step.

    python docs/generate.py [--check]

With --check nothing is written; it ends with 1 and names the pages that a run would change.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from podkit import rules
from podkit.cli import reference as cli_reference
from podkit.feed import apple_tags, podcasting_tags
from podkit.feed.tag import Attribute, Tag
from podkit.presets.builtin import PRESETS
from podkit.presets.preset import to_toml
from podkit.rules import reference as rules_reference
from podkit.rules.rule import RULES

DOCS = Path(__file__).resolve().parent

_PRESETS = """\
# Presets

This page is made from the presets themselves by `make docs`. A preset of one's own is a table in
`podkit.toml` that starts from one of these; `podkit presets NAME` prints one to start from:

```toml
[presets.our-voice]
from = "mp3"
bit_rate = 96000
```
"""

_KEYS = """\
# Keys of the podcast tags

This page is made from the tag records by `make docs`. Each key stands in the `[show]` table of
`podkit.toml` where its tag stands in the channel, and in `episode.toml` where its tag stands in an
item. A value with several parts is a table, such as `{ url = "…", text = "…" }`; what may come
several times is a list of such tables. Tags without a key are made by podkit from the files.
"""


def main() -> int:
    """Write or compare all pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    late = [name for name, text in pages().items() if not _is_in_step(name, text)]
    for name in late:
        if not check:
            (DOCS / name).write_text(pages()[name], encoding="utf-8")
        print(f"docs/{name} {'is not in step: run make docs' if check else 'written'}")
    return 1 if check and late else 0


def pages() -> dict[str, str]:
    """Name and text of every page that is made from the code."""
    if not rules.__all__:
        raise SystemExit("no rule is registered")
    return {
        "cli.md": cli_reference.to_markdown(),
        "keys.md": keys(),
        "presets.md": presets(),
        "rules.md": rules_reference.to_markdown(RULES.values()),
    }


def presets() -> str:
    """The page of presets: each as the TOML that `podkit presets NAME` prints."""
    parts = [_PRESETS]
    for name, preset in PRESETS.items():
        parts.append(f"## {name}\n\n```toml\n{to_toml(preset).strip()}\n```\n")
    return "\n".join(parts)


def keys() -> str:
    """The page of keys: one table for the podcast namespace, one for Apple's."""
    parts = [_KEYS]
    for title, tags in (
        ("Podcasting 2.0", podcasting_tags.TAGS),
        ("Apple", apple_tags.TAGS),
    ):
        parts += [f"## {title}\n", "| key | tag | where | parts |", "|---|---|---|---|"]
        parts += [_row(tag) for tag in tags]
        parts.append("")
    return "\n".join(parts)


def _row(tag: Tag) -> str:
    names = ", ".join(f"`{key.strip()}`" for key in tag.key.split(",") if key.strip())
    fields = ", ".join(_field(part) for part in tag.parts if part.field) if tag.value else ""
    where = " and ".join(tag.parents) + (", several" if tag.many else "")
    return f"| {names or 'made by podkit'} | `{tag.prefixed}` | {where} | {fields} |"


def _field(part: Attribute) -> str:
    return f"`{part.field}`" + (" (needed)" if part.needed else "")


def _is_in_step(name: str, text: str) -> bool:
    path = DOCS / name
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
