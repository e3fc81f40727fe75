"""Rules 501 to 505, 507 to 510: pictures, by their real bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from podkit.model.document import MEDIA, PODCAST, Element
from podkit.model.finding import Severity
from podkit.model.media import MIME_OF_EXTENSION, Artwork
from podkit.rules.rule import Found, Material, rule
from podkit.rules.subject import Picture, Subject
from podkit.rules.urls import extension_of
from podkit.rules.view import Item

SMALLEST, LARGEST = 1400, 3000
WEIGHT = 512_000
WARNING, INFO = Severity.WARNING, Severity.INFO
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}
_NAMES = {**_FORMATS, "image/webp": "WebP", "image/gif": "GIF"}
_SPOKEN = {"L": "grey", "LA": "grey", "1": "black and white", "P": "indexed"}
_WIDE = 16 / 9
_NOT_RGB = frozenset(["CMYK", "YCCK", "LAB", "HSV"])


@rule(
    "PK501",
    "artwork-size",
    Severity.ERROR,
    who="A P1",
    source="A-RSS, PSP1",
    needs=Material.ARTWORK,
)
def artwork_size(subject: Subject) -> Iterator[Found]:
    """The show's artwork is square, 1,400 to 3,000 pixels wide; 3,000 is best.

    Apple refuses other sizes, with a message that does not say which.

    Bad:
        1200 x 1200, 3000 x 2000
    Good:
        3000 x 3000
    """
    for picture, artwork in _readable(subject.show_pictures()):
        for said in _size(artwork):
            yield Found(said, at=picture.at, hint="3000 x 3000 is best")


@rule(
    "PK502",
    "artwork-format",
    Severity.ERROR,
    who="A P1",
    source="A-RSS; Automattic/wp-calypso#70621",
    needs=Material.ARTWORK,
)
def artwork_format(subject: Subject) -> Iterator[Found]:
    """The show's artwork is JPEG or PNG, and its extension tells the truth.

    Apple looks at the extension and at the bytes: a WebP behind `.png` is refused. A picture that
    moves is shown still, and which moment is seen is left to the app.

    Bad:
        cover.png that begins with RIFF…WEBP, an animated PNG
    Good:
        cover.jpg that is a JPEG
    """
    for picture in subject.show_pictures():
        for said in _format(picture):
            yield Found(said, at=picture.at)


@rule(
    "PK503",
    "artwork-rgb",
    Severity.ERROR,
    who="A P1",
    source="A-RSS, PSP1",
    needs=Material.ARTWORK,
)
def artwork_rgb(subject: Subject) -> Iterator[Found]:
    """The show's artwork is plain RGB: 8 bits, sRGB, upright, and without notes on its making.

    Pictures made for print are CMYK: Apple refuses them, and their colours come out wrong
    elsewhere. Grey and indexed pictures, 16 bits, other colour profiles and a turn that only EXIF
    tells are warnings: some apps show them otherwise than they are meant. So is a place (GPS) in
    it. Other notes, bytes behind its end, and storage in passes (progressive) are told.

    Bad:
        a CMYK JPEG, a photograph in Display P3 with the place where it was taken
    Good:
        an RGB JPEG
    """
    for picture, artwork in _readable(subject.show_pictures()):
        for said, severity, hint in _colours(artwork):
            yield Found(said, at=picture.at, severity=severity, hint=hint)


@rule(
    "PK504",
    "artwork-alpha",
    Severity.ERROR,
    who="A",
    source="A-RSS new text",
    needs=Material.ARTWORK,
)
def artwork_alpha(subject: Subject) -> Iterator[Found]:
    """The show's artwork has no transparency.

    Apple refuses it: what lies behind would be black in one app and white in the other.

    Bad:
        an RGBA PNG
    Good:
        an RGB PNG
    """
    for picture, artwork in _readable(subject.show_pictures()):
        if artwork.alpha:
            yield Found("the artwork has transparency", at=picture.at, hint="flatten it")


@rule(
    "PK505",
    "artwork-dpi",
    Severity.WARNING,
    who="A P1",
    source="A-RSS",
    needs=Material.ARTWORK,
)
def artwork_dpi(subject: Subject) -> Iterator[Found]:
    """The show's artwork says 72 dpi, or nothing.

    Apple asks for 72; another figure changes nothing on a screen but has had pictures sent back.

    Bad:
        300 dpi
    Good:
        72 dpi
    """
    for picture, artwork in _readable(subject.show_pictures()):
        if artwork.dpi is not None and not 71 <= artwork.dpi <= 73:
            yield Found(f"the artwork says {artwork.dpi:.0f} dpi, not 72", at=picture.at)


@rule(
    "PK507",
    "artwork-weight",
    Severity.WARNING,
    who="NPR S K",
    source="PRX help; AzuraCast/AzuraCast#8366",
    needs=Material.ARTWORK,
)
def artwork_weight(subject: Subject) -> Iterator[Found]:
    """Artwork has at most 512 kB.

    Some directories refuse more without saying so, and every listener's app loads it.

    Bad:
        a PNG of 4 MB
    Good:
        a JPEG of 300 kB
    """
    for picture, artwork in _readable(_all(subject)):
        if artwork.bytes > WEIGHT:
            yield Found(
                f"the artwork has {artwork.bytes / 1000:,.0f} kB",
                at=picture.at,
                hint="save it as JPEG at quality 85",
            )


@rule("PK508", "wide-artwork", Severity.INFO, who="Y", source="castnews, Simplecast 2h")
def wide_artwork(subject: Subject) -> Iterator[Found]:
    """A film has a picture in 16:9 beside its square one.

    Players and video apps show it before the film begins; a square one is cut, or has bars.
    `podcast:image` with `aspect-ratio` names it, or `media:thumbnail` with width and height.

    Bad:
        an enclosure of video/mp4 with itunes:image alone
    Good:
        <podcast:image href="https://example.com/wide.jpg" alt="A pylon" aspect-ratio="16/9" width="1280"/>
    """
    for item in subject.feed.items:
        enclosure = item.enclosure
        mime = "" if enclosure is None else enclosure.attributes.get("type", "").strip().lower()
        if not mime.startswith("video/"):
            continue
        pictures = [*item.all("image", PODCAST), *_thumbnails(item)]
        if not any(_is_wide(picture.attributes) for picture in pictures):
            yield Found("the film has no picture in 16:9", at=enclosure)


@rule(
    "PK509",
    "episode-artwork",
    Severity.WARNING,
    who="A",
    source="A-RSS",
    needs=Material.ARTWORK,
)
def episode_artwork(subject: Subject) -> Iterator[Found]:
    """An episode's own artwork keeps the rules of the show's.

    Square, 1,400 to 3,000 pixels, JPEG or PNG, RGB, no transparency: where it does not, apps show
    the show's artwork, or a grey square.

    Bad:
        a photograph of 1920 x 1080
    Good:
        a square of 3000 x 3000
    """
    for picture in subject.episode_pictures():
        yield from (Found(said, at=picture.at) for said in _format(picture))
    for picture, artwork in _readable(subject.episode_pictures()):
        said = [*_size(artwork), *(t for t, severity, _ in _colours(artwork) if severity != INFO)]
        if artwork.alpha:
            said.append("the artwork has transparency")
        yield from (Found(text, at=picture.at) for text in said)


@rule("PK510", "image-details", Severity.INFO, who="PC", source="PC20")
def image_details(subject: Subject) -> Iterator[Found]:
    """`podcast:image` says what is on the picture (`alt`) and its shape.

    Screen readers speak the one, apps choose by the other.

    Bad:
        <podcast:image href="https://example.com/wide.jpg"/>
    Good:
        <podcast:image href="https://example.com/wide.jpg" alt="A pylon" aspect-ratio="16/9" width="1920"/>
    """
    for element in subject.feed.by_name.get((PODCAST, "image"), ()):
        attributes = element.attributes
        missing = [] if attributes.get("alt", "").strip() else ["alt"]
        if not attributes.get("aspect-ratio") and not (
            attributes.get("width") and attributes.get("height")
        ):
            missing.append("aspect-ratio")
        if missing:
            yield Found(f"podcast:image has no {' and no '.join(missing)}", at=element)


def _thumbnails(item: Item) -> Iterator[Element]:
    """Media RSS puts them into the item or into its media:content."""
    yield from item.all("thumbnail", MEDIA)
    for content in (*item.all("content", MEDIA), *item.all("group", MEDIA)):
        yield from (e for e in content.children if (e.namespace, e.name) == (MEDIA, "thumbnail"))


def _is_wide(attributes: Mapping[str, str]) -> bool:
    shape = attributes.get("aspect-ratio", "").replace(" ", "")
    width, _, height = shape.replace(":", "/").partition("/")
    if not shape:
        width, height = attributes.get("width", ""), attributes.get("height", "")
    try:
        return abs(float(width) / float(height) - _WIDE) < 0.02
    except (ValueError, ZeroDivisionError):
        return False


def _all(subject: Subject) -> Iterator[Picture]:
    yield from subject.show_pictures()
    yield from subject.episode_pictures()


def _readable(pictures: Iterator[Picture]) -> Iterator[tuple[Picture, Artwork]]:
    for picture in pictures:
        if isinstance(picture.artwork, Artwork):
            yield picture, picture.artwork


def _size(artwork: Artwork) -> Iterator[str]:
    width, height = artwork.width, artwork.height
    if width != height:
        yield f"the artwork has {width} x {height} pixels and is not square"
    elif not SMALLEST <= width <= LARGEST:
        yield f"the artwork has {width} x {height} pixels, not 1400 to 3000"


def _format(picture: Picture) -> Iterator[str]:
    artwork = picture.artwork
    if isinstance(artwork, str):
        yield f"the artwork cannot be read: {artwork}"
        return
    if artwork.mime not in _FORMATS:
        moving = "an animated " if artwork.animated else ""
        yield f"the artwork is {moving}{_NAMES.get(artwork.mime, artwork.mime)}, not JPEG or PNG"
        return
    extension = extension_of(picture.url)
    if artwork.animated:
        yield "the artwork is animated"
    if MIME_OF_EXTENSION.get(extension) != artwork.mime:
        said = f"is called .{extension}" if extension else "has no extension"
        yield f"the artwork is {_FORMATS[artwork.mime]} and {said}"


def _colours(artwork: Artwork) -> Iterator[tuple[str, Severity | None, str]]:
    """What makes it other than plain RGB, how bad that is, and what to do."""
    convert, strip = "convert it to sRGB", "save it without notes"
    turn = "turn the picture itself and save it"
    if artwork.mode in _NOT_RGB:
        yield f"the artwork is {artwork.mode}, not RGB", None, convert
    elif not artwork.mode.startswith("RGB"):
        yield (
            f"the artwork's colours are {_SPOKEN.get(artwork.mode, artwork.mode)}, not RGB",
            WARNING,
            convert,
        )
    elif artwork.profile not in {"", "sRGB"}:
        yield f"the artwork's colours are in {artwork.profile}, not sRGB", WARNING, convert
    if artwork.bits > 8:
        yield f"the artwork has {artwork.bits} bits per channel, not 8", WARNING, convert
    if artwork.turned:
        yield "the artwork is turned: only EXIF says which way is up", WARNING, turn
    if artwork.place:
        yield "the artwork tells where it was taken (GPS)", WARNING, strip
    elif artwork.behind:
        said = f"the artwork has {artwork.behind:,} bytes behind its end, such as a second picture"
        yield said, INFO, strip
    elif artwork.private:
        yield "the artwork carries notes on its making (EXIF, XMP, text)", INFO, strip
    if artwork.progressive:
        yield "the artwork is stored in passes (progressive)", INFO, "save it as baseline JPEG"
