"""Rules 204 to 207, and Apple's categories: the list since 2019, and those that were before it."""

from __future__ import annotations

from collections.abc import Iterator

from podkit.model.document import ITUNES, Element
from podkit.model.finding import Severity
from podkit.registry import did_you_mean
from podkit.rules.rule import Found, rule
from podkit.rules.subject import Subject


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


# https://podcasters.apple.com/support/1691-apple-podcasts-categories
CATEGORIES = {
    "Arts": _names("Books, Design, Fashion & Beauty, Food, Performing Arts, Visual Arts"),
    "Business": _names("Careers, Entrepreneurship, Investing, Management, Marketing, Non-Profit"),
    "Comedy": _names("Comedy Interviews, Improv, Stand-Up"),
    "Education": _names("Courses, How To, Language Learning, Self-Improvement"),
    "Fiction": _names("Comedy Fiction, Drama, Science Fiction"),
    "Government": (),
    "History": (),
    "Health & Fitness": _names(
        "Alternative Health, Fitness, Medicine, Mental Health, Nutrition, Sexuality"
    ),
    "Kids & Family": _names("Education for Kids, Parenting, Pets & Animals, Stories for Kids"),
    "Leisure": _names(
        "Animation & Manga, Automotive, Aviation, Crafts, Games, Hobbies, Home & Garden, Video Games"
    ),
    "Music": _names("Music Commentary, Music History, Music Interviews"),
    "News": _names(
        "Business News, Daily News, Entertainment News, News Commentary, Politics, Sports News, "
        "Tech News"
    ),
    "Religion & Spirituality": _names(
        "Buddhism, Christianity, Hinduism, Islam, Judaism, Religion, Spirituality"
    ),
    "Science": _names(
        "Astronomy, Chemistry, Earth Sciences, Life Sciences, Mathematics, Natural Sciences, Nature, "
        "Physics, Social Sciences"
    ),
    "Society & Culture": _names(
        "Documentary, Personal Journals, Philosophy, Places & Travel, Relationships"
    ),
    "Sports": _names(
        "Baseball, Basketball, Cricket, Fantasy Sports, Football, Golf, Hockey, Rugby, Running, "
        "Soccer, Swimming, Tennis, Volleyball, Wilderness, Wrestling"
    ),
    "Technology": (),
    "True Crime": (),
    "TV & Film": _names("After Shows, Film History, Film Interviews, Film Reviews, TV Reviews"),
}

# Top-level names that Apple replaced in 2019, and what became of them.
OLD_CATEGORIES = {
    "Arts & Entertainment": "Arts",
    "Audio Blogs": "Society & Culture > Personal Journals",
    "Family": "Kids & Family",
    "Food": "Arts > Food",
    "Games & Hobbies": "Leisure",
    "Government & Organizations": "Government",
    "Health": "Health & Fitness",
    "International": "News",
    "Movies & Television": "TV & Film",
    "News & Politics": "News",
    "Politics": "News > Politics",
    "Public Radio": "News",
    "Science & Medicine": "Science",
    "Sports & Recreation": "Sports",
    "Talk Radio": "News",
    "Transportation": "Leisure",
    "Travel": "Society & Culture > Places & Travel",
}
# Subcategories that fell away under names that stayed.
OLD_SUBCATEGORIES = {
    "Arts": _names("Literature"),
    "Business": _names("Business News, Finance, Management & Marketing, News, Shopping"),
    "Education": _names(
        "Education Technology, Educational Technology, Higher Education, K-12, Language Courses, "
        "Training"
    ),
    "Religion & Spirituality": _names("New Age, Philosophy, Other"),
    "Society & Culture": _names("History"),
    "Technology": _names(
        "Computers, Developers, Gadgets, Information Technology, News, Operating Systems, "
        "Podcasting, Smart Phones, Software How-To, Tech News, Text/Speech"
    ),
}

SAME_BUT_CASE = {
    name.lower(): name for group, subs in CATEGORIES.items() for name in (group, *subs)
}


@rule("PK204", "category-missing", Severity.ERROR, who="A P1", source="A-RSS, W3C", fixable=True)
def category_missing(subject: Subject) -> Iterator[Found]:
    """The show has an `itunes:category`, and the first is one of Apple's 19 groups.

    Apple refuses a feed without it; listeners browse by it.

    Bad:
        <itunes:category text="Current Affairs"/>
    Good:
        <itunes:category text="News"><itunes:category text="Politics"/></itunes:category>
    """
    first = subject.feed.channel.first("category", ITUNES)
    if first is None:
        yield Found(
            "the show has no itunes:category",
            at=subject.feed.channel.element,
            hint='such as <itunes:category text="News"/>',
        )
        return
    text = _text(first)
    if (
        text in CATEGORIES
        or text in OLD_CATEGORIES
        or SAME_BUT_CASE.get(text.lower()) in CATEGORIES
    ):
        return
    yield Found(
        f"{text!r} is none of Apple's categories", at=first, hint=did_you_mean(text, CATEGORIES)
    )


@rule("PK205", "subcategory", Severity.WARNING, who="A", source="W3C")
def subcategory(subject: Subject) -> Iterator[Found]:
    """A subcategory belongs to the category it stands in.

    Apple ignores a pair that is not in its list.

    Bad:
        <itunes:category text="News"><itunes:category text="Documentary"/></itunes:category>
    Good:
        <itunes:category text="Society &amp; Culture"><itunes:category text="Documentary"/></itunes:category>
    """
    for category in subject.feed.channel.all("category", ITUNES):
        group = _text(category)
        known = CATEGORIES.get(group)
        if known is None:
            continue
        folded = {name.lower() for name in known}
        for sub in category.all("category", ITUNES):
            text = _text(sub)
            if text.lower() not in folded and text not in OLD_SUBCATEGORIES.get(group, ()):
                hint = did_you_mean(text, known) if known else f"{group} has no subcategories"
                yield Found(f"{text!r} is no subcategory of {group}", at=sub, hint=hint)


@rule("PK206", "second-category", Severity.INFO, who="A", source="A-RSS; jsonfeed-to-rss 2h")
def second_category(subject: Subject) -> Iterator[Found]:
    """Apple reads only the first category and its first subcategory.

    The others do no harm, and other directories read them: put the best one first.

    Bad:
        <itunes:category text="Technology"/> <itunes:category text="News"/>
    Good:
        <itunes:category text="News"/>
    """
    categories = subject.feed.channel.all("category", ITUNES)
    if len(categories) > 1:
        yield Found("Apple reads only the first category", at=categories[1])
    for category in categories[:1]:
        for sub in list(category.all("category", ITUNES))[1:2]:
            yield Found("Apple reads only the first subcategory", at=sub)


@rule("PK207", "old-category", Severity.WARNING, who="W3", source="W3C")
def old_category(subject: Subject) -> Iterator[Found]:
    """Categories are those of the list that Apple has used since 2019.

    The older names are mapped by guess, or dropped.

    Bad:
        <itunes:category text="News &amp; Politics"/>
    Good:
        <itunes:category text="News"><itunes:category text="Politics"/></itunes:category>
    """
    for category in subject.feed.channel.all("category", ITUNES):
        group = _text(category)
        if group in OLD_CATEGORIES and group not in CATEGORIES:
            yield Found(
                f"{group!r} was dropped in 2019",
                at=category,
                hint=f"now {OLD_CATEGORIES[group]}",
            )
        for sub in category.all("category", ITUNES):
            if _text(sub) in OLD_SUBCATEGORIES.get(group, ()):
                yield Found(f"{group} > {_text(sub)} was dropped in 2019", at=sub)


def _text(element: Element) -> str:
    return element.attributes.get("text", "").strip()
