"""The few words that pages say by themselves, in the languages that podkit's pages speak."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one language; `months` as they stand in a date, apart by spaces."""

    language: str
    skip: str
    episodes: str
    nothing_yet: str
    all_episodes: str
    season: str
    episode: str
    trailer: str
    bonus: str
    explicit: str
    length: str
    listen: str
    watch: str
    no_player: str
    download: str
    captions: str
    chapters: str
    more_about: str
    notes: str
    people: str
    host: str
    related: str
    minutes: str
    picture: str
    support: str
    transcript: str
    page: str
    follow: str
    feed: str
    ended: str
    decimal: str
    units: tuple[str, str, str]
    months: str

    def date(self, day: date) -> str:
        """A date for people: `20 November 2026`."""
        return f"{day.day} {self.months.split()[day.month - 1]} {day.year}"

    def reading(self, minutes: int) -> str:
        """How long an article takes: `4 min read`."""
        return self.minutes.format(minutes)

    def size(self, count: int) -> str:
        """A number of bytes for people, in decimal units: `7.4 MB`."""
        for power, unit in ((3, self.units[2]), (2, self.units[1])):
            if count >= 999_500 * 1000 ** (power - 2):
                return f"{count / 1000**power:.1f} {unit}".replace(".", self.decimal)
        return f"{max(round(count / 1000), 1)} {self.units[0]}"


ENGLISH = Words(
    language="en",
    skip="Skip to the content",
    episodes="Episodes",
    nothing_yet="The first episode is on its way.",
    all_episodes="All episodes",
    season="Season {}",
    episode="Episode {}",
    trailer="Trailer",
    bonus="Bonus",
    explicit="Explicit",
    length="Length",
    listen="Listen",
    watch="Watch",
    no_player="This browser cannot play it; the file can be downloaded below.",
    download="Download",
    captions="Captions",
    chapters="Chapters",
    more_about="More about “{}”",
    notes="Show notes",
    people="People",
    host="host",
    related="Read more",
    minutes="{} min read",
    picture="Picture: {}",
    support="Support us",
    transcript="Transcript",
    page="Episode page",
    follow="Follow",
    feed="RSS feed",
    ended="This subscription has ended.",
    decimal=".",
    units=("kB", "MB", "GB"),
    months="January February March April May June July August September October November December",
)

UKRAINIAN = Words(
    language="uk",
    skip="До змісту",
    episodes="Випуски",
    nothing_yet="Перший випуск незабаром.",
    all_episodes="Усі випуски",
    season="Сезон {}",
    episode="Випуск {}",
    trailer="Трейлер",
    bonus="Бонус",
    explicit="Для дорослих",
    length="Тривалість",
    listen="Слухати",
    watch="Дивитися",
    no_player="Цей браузер не може це відтворити; файл можна завантажити нижче.",
    download="Завантажити",
    captions="Субтитри",
    chapters="Розділи",
    more_about="Докладніше: «{}»",
    notes="Нотатки до випуску",
    people="Учасники",
    host="ведення",
    related="Читайте також",
    minutes="{} хв читання",
    picture="Зображення: {}",
    support="Підтримати нас",
    transcript="Розшифровка",
    page="Сторінка випуску",
    follow="Підписатися",
    feed="RSS-стрічка",
    ended="Ця підписка завершилася.",
    decimal=",",
    units=("кБ", "МБ", "ГБ"),
    months="січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
)

_SPOKEN = {words.language: words for words in (ENGLISH, UKRAINIAN)}
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def words_for(language: str) -> Words:
    """The words of a language (BCP 47), English where podkit does not speak it."""
    return _SPOKEN.get(_primary(language), ENGLISH)


def known_languages() -> tuple[str, ...]:
    """The languages that podkit speaks, as BCP 47 names them."""
    return tuple(_SPOKEN)


def direction(language: str) -> str:
    """`rtl` for a language written from right to left, else `ltr`."""
    return "rtl" if _primary(language) in _RIGHT_TO_LEFT else "ltr"


def _primary(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()
