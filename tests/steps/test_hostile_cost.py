"""What a stranger's feed costs grows with its length, whatever it repeats."""

from __future__ import annotations

import subprocess
import sys

import pytest

from podkit.pages.markdown import from_html
from podkit.pages.prose import to_html

# Seconds of the processor, not of the clock: each needs less than one, and would need minutes if
# its cost grew with the square.
CHILD = """
import resource
resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
from podkit.errors import FormatError
from podkit.feed.mend import read_leniently
from podkit.pages.markdown import from_html
try:
    {code}
except FormatError:
    pass
print("ended")
"""


@pytest.mark.parametrize(
    "code",
    [
        'read_leniently(b"<rss " + b"xmlns:" * 64_000)',
        'read_leniently(b"<rss><channel>" + b"".join(b"<p%d:a/>" % n for n in range(120_000)))',
        'from_html("<pre>" + "`" * 330_000 + "</pre>")',
        'from_html("<code>" + "`" * 330_000 + "</code>")',
    ],
)
def test_repetition_is_cheap(code: str) -> None:
    """Declarations without end, prefixes by the thousand, and code that is nothing but its fence."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD.replace("{code}", code)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == "ended\n", done.stderr


def test_a_fence_is_longer_than_what_it_holds() -> None:
    """Code with backticks in it reads the same: its fence is one longer than the longest row."""
    for row in (1, 2, 3, 4, 9):
        inside = f"a {'`' * row} b ` c"
        assert from_html(f"<pre>{inside}</pre>").startswith("`" * max(3, row + 1) + "\n")
        assert from_html(f"<p><code>{inside}</code></p>").startswith("`" * (row + 1) + "a")
        for html in (f"<pre>{inside}</pre>", f"<p><code>{inside}</code></p>"):
            assert inside in to_html(from_html(html))
