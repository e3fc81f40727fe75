"""What is said in the sample show: who speaks, which chapter each line belongs to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A synthetic voice: espeak-ng's name for it, words a minute, pitch (0 to 99)."""

    name: str
    espeak: str
    pace: int
    pitch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing said by one voice, under the heading of its chapter."""

    voice: str
    chapter: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """An episode's lines, and which masters are made of them."""

    slug: str
    title: str
    lines: tuple[Line, ...]
    sound: str = ""
    video: str = ""
    transcript: bool = False
    artwork: bool = False


VOICES = {
    "one": Voice(name="Voice One (synthetic)", espeak="en-gb-x-rp+f3", pace=172, pitch=52),
    "two": Voice(name="Voice Two (synthetic)", espeak="en-us+m3", pace=168, pitch=38),
    "three": Voice(name="Voice Three (synthetic)", espeak="en-gb-scotland+m7", pace=165, pitch=44),
}


def _talk(text: str) -> tuple[Line, ...]:
    """Lines from paragraphs such as `one: What is said.`, under headings such as `# A chapter`."""
    lines = []
    chapter = ""
    for paragraph in text.strip().split("\n\n"):
        if paragraph.startswith("# "):
            chapter = paragraph.removeprefix("# ")
            continue
        voice, _, said = paragraph.partition(": ")
        lines.append(Line(voice=voice, chapter=chapter, text=" ".join(said.split())))
    return tuple(lines)


SCRIPTS = (
    Script(
        slug="nine-agreements",
        title="Nine agreements, signed by April",
        sound="master.opus",
        video="master-video.mp4",
        transcript=True,
        lines=_talk("""
# What was promised in Vilnius

one: This is a sample of Ukraine Insights, and both voices are made by a machine. By the middle
of April 2024, Ukraine had signed nine bilateral security agreements. How did that begin?

two: In July 2023, at a summit in Vilnius, the Group of Seven declared that each of them would
give Ukraine long-term commitments. Other countries joined later.

# Who signed, and when

one: Who signed first?

two: The United Kingdom, in January 2024. Germany and France followed on one day in February.
Then came Denmark, Italy and Canada, in March the Netherlands, and in April Finland and Latvia.

# What an agreement holds

one: Are these alliances?

two: No. Nobody promises to send troops. They run for ten years, they speak of money, weapons
and training, and both sides are to consult within a day if Russia attacks again.

one: So how strong is such a paper?

two: As strong as the budgets that parliaments vote for, year by year.
"""),
    ),
    Script(
        slug="talks-that-followed",
        title="The talks that followed",
        sound="master.flac",
        lines=_talk("""
# Six signatures in a week

two: A sample of Ukraine Insights, in synthetic voices. Nine agreements were the beginning. What
came next?

three: At the end of May 2024, Spain, Belgium and Portugal signed within two days. Before the
week was over, Sweden, Norway and Iceland had signed in Stockholm.

# Washington, Tokyo, Brussels

two: And the United States?

three: In June, at the Group of Seven in Italy, as did Japan. Two weeks later the European Union
signed commitments of its own, with Lithuania and Estonia.

# What the later texts add

two: What was new in the later texts?

three: The Polish one, of July, looks at the sky: the two sides agreed to study how missiles
that fly towards Poland could be shot down over Ukraine.

two: So the question moved on, from who signs to who delivers.
"""),
    ),
    Script(
        slug="nuclear-company-explained",
        title="How a nuclear company became a place for kickbacks, explained",
        video="master.mp4",
        artwork=True,
        lines=_talk("""
# A company that buys all the time

three: Energoatom is the state company that runs Ukraine's nuclear power plants. They make more
than half of the country's electricity.

three: It buys all the time: spare parts, repairs, shelter for its lines.

# What investigators allege

three: In November 2025 the anti-corruption bureau made an investigation public. Investigators
allege that suppliers had to pay back ten to fifteen percent of what their contracts were worth.

# Why it could work

three: Who did not pay, they say, was paid late or was no longer a supplier. And while the war
lasts, the company's debts could not be collected by a court.

# What is said about the money

three: About a hundred million dollars are said to have passed through one office. Nothing of
this is proven until a court has decided.
"""),
    ),
)
