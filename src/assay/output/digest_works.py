"""What every channel of a digest says of one work: an item, a voice, a fallen one.

Texts come back as they were recorded: each channel makes them inert in its own way.
"""

from collections.abc import Sequence

from assay.digest.model import Bearing, Fallen, Item, ItemKind, Quote, Use, Work
from assay.evidence.studies import NOT_COUNTED
from assay.model import Design, Stance
from assay.notice import Standing, StandingReport
from assay.output.clean import one_line
from assay.output.links import Link, find_links
from assay.output.standings import join_names, link_notices, say_grounds
from assay.output.words import NO_TITLE, OWN_WORDS, say_standing
from assay.record import Identifier, Record

PREPRINT = "preprint, not peer-reviewed"
NO_QUOTE = "No sentence can be shown: no abstract of it is recorded."
TAKEN_BACK = "NOTICE TAKEN BACK"
"""Heading of a work whose notice no longer stands."""
BEARINGS = {
    Stance.SUPPORTS: "supports",
    Stance.CONTRADICTS: "contradicts",
    Stance.QUALIFIES: "limits",
    Stance.NEUTRAL: "does not settle",
}
"""What a work does to a claim."""
_NOT_PEOPLE = {Design.ANIMAL: ", in animals", Design.IN_VITRO: ", in the laboratory"}
_KINDS = {"pmid": "PMID", "doi": "DOI", "pmcid": "PMCID", "nct": "NCT"}
_CLEAR = frozenset({Standing.SOUND, Standing.UNKNOWN})


def title_of_work(work: Work) -> str:
    """Return a work's title, or words that say that none was recorded.

    >>> title_of_work(Work(key="pmid:90000001", names=("pmid:90000001",)))
    '[title not recorded]'
    """
    return work.title if one_line(work.title) else NO_TITLE


def name_work(work: Work) -> str:
    """Return the shortest name by which a work can be looked up, else its title.

    >>> name_work(Work(key="pmid:90000001", names=("pmid:90000001",), pmid="90000001"))
    'PMID 90000001'
    """
    for kind, value in (("PMID", work.pmid), ("DOI", work.doi)):
        if value:
            return f"{kind} {value}"
    known = [said for key in (work.key, *work.names) if (said := name_key(key))]
    return known[0] if known else f"“{title_of_work(work)}”"


def name_key(key: str) -> str:
    """Return the key of a work as people write it; "" when it names no identifier.

    >>> name_key("doi:10.99999/x"), name_key("nct:NCT90000001"), name_key("content:1f")
    ('DOI 10.99999/x', 'NCT90000001', '')
    """
    kind, _, value = key.partition(":")
    said = _KINDS.get(kind, "")
    return value if said in {"NCT", "PMCID"} else f"{said} {value}" if said else ""


def cite_work(work: Work) -> str:
    """Return authors, journal and date in one line, leaving out what is unknown.

    >>> cite_work(Work(key="x", names=("x",), authors="Fabel N", date="2026-03"))
    'Fabel N · 2026-03'
    """
    when = work.date or (str(work.year) if work.year else "date not recorded")
    return " · ".join(filter(None, (work.authors, work.journal, when)))


def say_design(work: Work) -> str:
    """Return a work's design and size, and that it is a preprint where it is one.

    >>> say_design(Work(key="x", names=("x",), design=Design.COHORT, size=1200))
    'cohort, n = 1,200'
    """
    design = str(work.design)
    design = "design unclear" if work.design is Design.UNCLEAR else design
    size = f"n = {work.size:,}" if work.size is not None else ""
    return ", ".join(filter(None, (design, size, PREPRINT if work.preprint else "")))


def name_and_design(work: Work) -> str:
    """Return a work's name with its design and size in brackets.

    >>> name_and_design(Work(key="x", names=("x",), pmid="90000001", size=84,
    ...                      design=Design.RANDOMISED_TRIAL))
    'PMID 90000001 (randomised trial, n = 84)'
    """
    return f"{name_work(work)} ({say_design(work)})"


def link_work(work: Work) -> tuple[Link, ...]:
    """Return a work's addresses, built from its identifiers only; () without any.

    >>> [link.name for link in link_work(Work(key="x", names=("nct:NCT90000001",)))]
    ['ClinicalTrials.gov NCT90000001']
    """
    named = (name.partition(":") for name in (*work.names, work.key))
    own = dict.fromkeys(Identifier(k, v) for k, _, v in named if k == "nct")
    return find_links(
        Record(
            source=work.source,
            pmid=work.pmid,
            doi=work.doi,
            pmcid=work.pmcid,
            identifiers=tuple(own),
        )
    )


def link_item(item: Item) -> tuple[Link, ...]:
    """Return an item's addresses, then those of the notices on it.

    >>> link_item(Item(work=Work(key="x", names=("x",)), queries=()))
    ()
    """
    report = StandingReport(standing=item.standing, notices=item.notices)
    return link_work(item.work) + link_notices(report)


def say_standing_of(item: Item) -> str:
    """Return what is known against an item, with its grounds; "" when nothing is.

    That nothing is known is no alarm: `say_unchecked` tells it.

    >>> say_standing_of(Item(work=Work(key="x", names=("x",)), queries=(),
    ...                      standing=Standing.CONCERN))
    'expression of concern'
    """
    said = "" if item.standing is Standing.UNKNOWN else say_standing(item.standing)
    report = StandingReport(standing=item.standing, notices=item.notices)
    grounds = say_grounds(report) if said and item.notices else ""
    return f"{said} ({grounds})" if grounds else said


def is_struck(standing: Standing) -> bool:
    """Tell whether a work of this standing is shown struck out.

    A retraction notice does not count either, but nobody took that back.

    >>> [is_struck(each) for each in (Standing.RETRACTED, Standing.NOTICE)]
    [True, False]
    """
    return standing in NOT_COUNTED and standing is not Standing.NOTICE


def say_published(item: Item) -> str:
    """Return that a preprint sent before is now published; "" where it is not so.

    >>> say_published(Item(work=Work(key="x", names=("x",), journal="J"), queries=(),
    ...                    kind=ItemKind.PUBLISHED, told_before="2026-05-04"))
    'The preprint you were sent on 2026-05-04 is now published in J.'
    """
    if item.kind is not ItemKind.PUBLISHED:
        return ""
    when = f" on {item.told_before}" if item.told_before else ""
    named = f" ({said})" if (said := name_key(item.before)) else ""
    where = f" in {item.work.journal}" if item.work.journal else ""
    return f"The preprint you were sent{when}{named} is now published{where}."


def bearings_of(item: Item) -> tuple[Bearing, ...]:
    """Return what an item says of watched claims, claims of the same words once.

    They are watched twice where two articles say the same thing.

    >>> two = (Bearing(1, "tea", Stance.SUPPORTS), Bearing(2, "tea", Stance.SUPPORTS))
    >>> len(bearings_of(Item(work=Work(key="x", names=()), queries=(), bears_on=two)))
    1
    """
    told = {(each.text, each.stance): each for each in reversed(item.bears_on)}
    return tuple(each for each in item.bears_on if each in told.values())


def say_bearing(bearing: Bearing, design: Design = Design.UNCLEAR) -> str:
    """Return what a work does to a watched claim, and that it is not in people.

    >>> say_bearing(Bearing(1, "velora brings sleep", Stance.SUPPORTS), Design.ANIMAL)
    'Supports the watched claim “velora brings sleep”, in animals.'
    """
    verb = BEARINGS[bearing.stance]
    where = _NOT_PEOPLE.get(design, "")
    return f"{verb[:1].upper()}{verb[1:]} the watched claim “{bearing.text}”{where}."


def say_quote(quote: Quote) -> str:
    """Return the sentence that says why a work is there, marked whose words it is.

    >>> say_quote(Quote("It did.")), say_quote(Quote("It did.", own_words=True))
    ('“It did.”', 'It did. (assay’s summary, not the authors’ words)')
    """
    if not quote.text:
        return NO_QUOTE
    return f"{quote.text} ({OWN_WORDS})" if quote.own_words else f"“{quote.text}”"


def say_why(item: Item) -> str:
    """Return what an item's sentence was chosen for; "" when that is said already.

    >>> work = Work(key="x", names=("x",))
    >>> say_why(Item(work=work, queries=(), quote=Quote("It did.", why="names tea")))
    'Shown because it names tea.'
    """
    why = item.quote.why.strip().rstrip(".")
    told = any(bearing.text in item.quote.why for bearing in item.bears_on)
    return f"Shown because it {why}." if why and item.quote.text and not told else ""


def say_finders(item: Item) -> str:
    """Return which queries found an item; "" when none is named.

    >>> say_finders(Item(work=Work(key="x", names=("x",)), queries=("a", "b")))
    'Found by a and b.'
    """
    return f"Found by {join_names(item.queries)}." if item.queries else ""


def say_also(item: Item) -> str:
    """Return under which other names the same work came, and when it was sent before.

    "" when it came under none, and for the first time. For each query it is sent once.

    >>> say_also(Item(work=Work(key="x", names=("x",)), queries=(),
    ...               also=("doi:10.99999/x",)))
    'Also there as DOI 10.99999/x.'
    """
    names = [name_key(key) or key for key in item.also]
    again = item.told_before and item.kind is ItemKind.NEW
    told = (
        f"Also there as {join_names(names)}." if names else "",
        f"You were sent it on {item.told_before} for another query." if again else "",
    )
    return " ".join(filter(None, told))


def say_unchecked(item: Item) -> str:
    """Return that it is not known whether there is a notice on an item; "" when it is.

    >>> say_unchecked(Item(work=Work(key="x", names=("x",)), queries=(),
    ...                    standing=Standing.UNKNOWN))
    'Notices not fully checked.'
    """
    if item.standing is not Standing.UNKNOWN:
        return ""
    said = say_standing(item.standing)
    return f"{said[:1].upper()}{said[1:]}."


def say_fall(fallen: Fallen) -> str:
    """Return in capitals what befell a work that was used before.

    >>> say_fall(Fallen(work=Work(key="x", names=("x",)), before=Standing.SOUND,
    ...                 after=Standing.RETRACTED, notices=(), uses=()))
    'RETRACTED'
    """
    if fallen.after in _CLEAR:
        return TAKEN_BACK
    return str(fallen.after).upper()


def say_fallen(fallen: Fallen) -> str:
    """Return what befell a work and where it was used, in one sentence.

    >>> work = Work(key="x", names=("x",), title="Velora and sleep")
    >>> print(say_fallen(Fallen(work=work, before=Standing.SOUND,
    ...     after=Standing.RETRACTED, notices=(),
    ...     uses=(Use("digest", "4", "2026-03-02"),))))
    RETRACTED: Velora and sleep — you were sent it on 2026-03-02 (digest 4).
    """
    head = f"{say_fall(fallen)}: {title_of_work(fallen.work)}"
    return f"{head} — {say_uses(fallen.uses)}."


def say_uses(uses: Sequence[Use]) -> str:
    """Return where a work was used, all places, in one clause.

    >>> say_uses((Use("report", "tea.md", "2026-04-01"),))
    'it was used to judge tea.md (2026-04-01)'
    """
    sent = [
        f"{use.when} ({_more(f'digest {use.name}', use)})"
        for use in uses
        if use.kind == "digest"
    ]
    judged = [
        f"{use.name} ({_more(use.when, use)})" for use in uses if use.kind != "digest"
    ]
    parts = [
        f"you were sent it on {join_names(sent)}" if sent else "",
        f"it was used to judge {join_names(judged)}" if judged else "",
    ]
    return " and ".join(filter(None, parts)) or "where it was used is not recorded"


def _more(said: str, use: Use) -> str:
    return f"{said}, for {use.what}" if use.what else said


def say_fallen_grounds(fallen: Fallen) -> str:
    """Return since when and on whose word a work has fallen; "" when it is not known.

    >>> say_fallen_grounds(Fallen(work=Work(key="x", names=("x",)), notices=(),
    ...     before=Standing.CONCERN, after=Standing.RETRACTED, uses=()))
    'Known before: expression of concern.'
    """
    report = StandingReport(standing=fallen.after, notices=fallen.notices)
    grounds = say_grounds(report) if fallen.notices else ""
    before = "" if fallen.before in _CLEAR else f"Known before: {fallen.before}."
    told = f"{grounds[:1].upper()}{grounds[1:].rstrip('.')}." if grounds else ""
    return " ".join(filter(None, (told, before)))


def link_fallen(fallen: Fallen) -> tuple[Link, ...]:
    """Return the addresses of a fallen work, then of the notices on it.

    >>> link_fallen(Fallen(work=Work(key="x", names=("x",)), notices=(), uses=(),
    ...     before=Standing.SOUND, after=Standing.RETRACTED))
    ()
    """
    report = StandingReport(standing=fallen.after, notices=fallen.notices)
    return link_work(fallen.work) + link_notices(report)
