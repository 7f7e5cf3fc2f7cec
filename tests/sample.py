"""Invented findings for the tests of what people see: no real plant, study or person.

Everything a report can hold is met at least once: every label, stance and standing,
missing titles, our own summaries, failed searches, overlapping claims, hostile text.
"""

from assay.model import (
    Article,
    Block,
    Certainty,
    CertaintyStep,
    Claim,
    ClaimType,
    Counts,
    Design,
    Direction,
    Evidence,
    Finding,
    Flag,
    Frame,
    Label,
    Report,
    Span,
    Stance,
    Standing,
    Term,
    Verdict,
)
from assay.record import (
    Accession,
    Author,
    Chemical,
    Correction,
    Identifier,
    Keyword,
    MeshHeading,
    PartialDate,
    Qualifier,
    Record,
    Reference,
    Section,
    Summary,
)
from assay.search import (
    Clause,
    Fidelity,
    Found,
    Problem,
    Query,
    SavedQuery,
    SearchLog,
    SearchRun,
    Slice,
    Tool,
)
from assay.text import record_text, split_sentences

HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> [go](javascript:alert(3)) "
    "\x1b[31mred\x1b[0m \x1b]8;;https://example.org\x07link\x1b]8;;\x07 "
    "\u202eevil\u202c "
    "{{7*7}} {% raw %} ]]> &lt;b&gt; \"quoted\" 'single' `code` | pipe \x9b2J \x00 end"
)

TITLE = "Velora root: the bedtime tea that everybody is talking about"
PARTS = (
    ("title", TITLE),
    (
        "paragraph",
        "Velora is a shrub of the invented highlands. Its root contains two alkaloids, "
        "and people have brewed it into tea for generations.",
    ),
    ("heading", "Does it help you sleep?"),
    (
        "paragraph",
        "Drinking velora tea reduces the time to fall asleep and the number of "
        "awakenings. According to the makers, it may also improve sleep quality in "
        "people who stop taking painkillers. That is why so many households now keep "
        "a packet of it beside the kettle.",
    ),
    (
        "item",
        "Velora has no effect on blood pressure.",
    ),
    ("item", "Velora damages the liver."),
    ("heading", "Is it safe?"),
    (
        "paragraph",
        "Velora is completely safe and never habit-forming. Taking it together with "
        "grapefruit raises its level in the blood. Always start with half a cup.",
    ),
    (
        "quote",
        "“I sleep like a stone,” says one reader, and there is no reason not to "
        "believe her.",
    ),
    ("paragraph", f"A reader also sent us this: {HOSTILE}"),
)

STARTER = Summary(
    sentences=(
        "In 64 adults, velora tea shortened the time to fall asleep by 11 minutes.",
        "The number of awakenings did not change.",
    ),
    written_by="the assay authors",
    written_on="2025-01-15",
    addresses=("https://example.org/velora",),
    notes="Only the first page was read.",
)

TRIAL = Record(
    source="pubmed",
    pmid="90000001",
    doi="10.99999/velora(2021)<1>",
    pmcid="PMC90000001",
    title="Velora root tea before bedtime for adults with trouble falling asleep: a "
    "randomised, double-blind, placebo-controlled trial in four invented towns with "
    "twelve weeks of follow-up (the VELORA-NIGHT study)",
    abstract=(
        Section("Velora tea is drunk before bed.", "BACKGROUND", "BACKGROUND"),
        Section(
            "Sleep onset latency was 14 minutes shorter with velora tea than with "
            "placebo (p <.01). The number of awakenings did not differ.",
            "RESULTS",
            "RESULTS",
        ),
    ),
    year=2021,
    journal="Journal of Invented Results",
    authors=(
        Author(last_name="Invented", fore_name="Ada", initials="A"),
        Author(last_name="Fictive", fore_name="Bo", initials="B", suffix="Jr"),
        Author(collective="VELORA-NIGHT Group"),
    ),
    publication_types=("Journal Article", "Randomized Controlled Trial"),
    publication_type_uis=("D016428", "D016449"),
    mesh=(
        MeshHeading("Sleep", "D90001", True, (Qualifier("drug effects", "Q90", True),)),
        MeshHeading("Humans", "D90002"),
    ),
    chemicals=(Chemical("veloramine", "C900001", "0"),),
    keywords=(Keyword("tea", "NOTNLM"),),
    dates=(PartialDate(2021, 3, 14, "day", "PubDate"),),
    accessions=(Accession("ClinicalTrials.gov", "NCT90000001"),),
    identifiers=(
        Identifier("pubmed", "90000001"),
        Identifier("doi", "10.99999/velora(2021)<1>"),
    ),
    references=(Reference("Invented A. Earlier.", (("pubmed", "90000009"),)),),
    languages=("eng",),
    status="MEDLINE",
    coi="The authors grow velora.",
    sample_size=212,
)
STARTER_RECORD = Record(
    source="starter",
    pmid="90000002",
    doi="10.99999/starter.2",
    summary=STARTER,
    year=2019,
    journal="Annals of Made-up Medicine",
    design_stated="randomised trial",
    population="adults who sleep badly",
    sample_size=64,
)
RAT = Record(
    source="pubmed",
    pmid="90000003",
    title="Hepatic enzymes in rats given velora extract for 28 days",
    abstract=(Section("Liver enzymes rose in rats given the highest dose."),),
    year=2018,
    journal="Invented Toxicology",
)
RETRACTED = Record(
    source="pubmed",
    pmid="90000004",
    title="Velora cures insomnia in every patient",
    abstract=(Section("All 30 patients fell asleep at once."),),
    year=2015,
    journal="Journal of Invented Results",
    corrections=(Correction("RetractionIn", "J Inv Res. 2016", "90000005"),),
    publication_types=("Journal Article", "Retracted Publication"),
    sample_size=30,
)
CONCERN = Record(
    source="pubmed",
    pmid="90000006",
    title="Blood pressure after velora: a crossover study",
    abstract=(Section("Velora did not change systolic blood pressure (p =.62)."),),
    year=2020,
    journal="Invented Heart Notes",
    sample_size=1204,
)
REVIEW = Record(
    source="pubmed",
    pmid="90000007",
    doi="10.99999/review",
    title="What is known of velora: a systematic review",
    abstract=(
        Section("Velora is a shrub whose root contains two alkaloids."),
        Section("Withdrawal symptoms were reported in 3 of 9 surveys."),
        Section("Sleep quality improved in two cohorts and worsened in one."),
    ),
    year=2023,
    journal="Reviews of Invented Botany",
)
BARE = Record(source="pubmed", title="", abstract=(Section("No outcome was named."),))
HOSTILE_RECORD = Record(
    source="pubmed",
    pmid='90000008" onclick="alert(4)',
    doi="10.99999/x y<script>",
    title=HOSTILE,
    abstract=(Section(f"Grapefruit raised the level of velora. {HOSTILE}"),),
    journal="<b>Bold</b> & Co",
    year=2022,
    authors=(Author(last_name="<i>Name</i>", initials="\x1b[1m"),),
)


def evidence(record, sentence, stance, design, **more):
    """Return evidence whose offsets really point at the sentence."""
    text = record_text(record)
    start = text.index(sentence)
    own = record.summary is not None and not record.abstract
    values = {"rule": "direction", "why": "The sentence names the same direction."}
    values |= {"weight": 0.5, "own_words": own, **more}
    return Evidence(
        record=record,
        sentence=sentence,
        start=start,
        end=start + len(sentence),
        stance=stance,
        design=design,
        **values,
    )


def sentence_of(record, part=-1):
    """Return one sentence of a record's readable text."""
    return record_text(record).split("\n")[part]


FOR, AGAINST, PARTLY, NEUTRAL = (
    Stance.SUPPORTS,
    Stance.CONTRADICTS,
    Stance.QUALIFIES,
    Stance.NEUTRAL,
)
LATENCY = evidence(
    TRIAL,
    "Sleep onset latency was 14 minutes shorter with velora tea than with placebo "
    "(p <.01).",
    FOR,
    Design.RANDOMISED_TRIAL,
    weight=0.9,
)
LATENCY_STARTER = evidence(
    STARTER_RECORD, STARTER.sentences[0], FOR, Design.RANDOMISED_TRIAL, weight=0.8
)
LATENCY_RETRACTED = evidence(
    RETRACTED,
    sentence_of(RETRACTED),
    FOR,
    Design.CASE_SERIES,
    standing=Standing.RETRACTED,
)
AWAKENINGS = evidence(
    TRIAL,
    "The number of awakenings did not differ.",
    AGAINST,
    Design.RANDOMISED_TRIAL,
    weight=0.9,
)
AWAKENINGS_STARTER = evidence(
    STARTER_RECORD, STARTER.sentences[1], AGAINST, Design.RANDOMISED_TRIAL, weight=0.8
)
PRESSURE = evidence(
    CONCERN,
    sentence_of(CONCERN),
    FOR,
    Design.NONRANDOMISED_TRIAL,
    standing=Standing.CONCERN,
    weight=0.4,
)
LIVER = evidence(
    RAT,
    sentence_of(RAT),
    PARTLY,
    Design.ANIMAL,
    weight=0.1,
    flags=(
        Flag(
            "other-species",
            "It was seen in rats, not in people.",
            "Animals",
            "MeSH heading",
        ),
    ),
)
SHRUB = evidence(
    REVIEW, sentence_of(REVIEW, 1), FOR, Design.SYSTEMATIC_REVIEW, weight=1 / 3
)
HABIT = evidence(REVIEW, sentence_of(REVIEW, 2), AGAINST, Design.SYSTEMATIC_REVIEW)
QUALITY = evidence(REVIEW, sentence_of(REVIEW, 3), PARTLY, Design.SYSTEMATIC_REVIEW)
QUALITY_FOR = evidence(RAT, sentence_of(RAT, 0), FOR, Design.COHORT)
QUALITY_AGAINST = evidence(
    CONCERN,
    sentence_of(CONCERN, 0),
    AGAINST,
    Design.COHORT,
    standing=Standing.CORRECTED,
)
SILENT = evidence(BARE, "No outcome was named.", NEUTRAL, Design.UNCLEAR, weight=0.0)
SILENT_TRIAL = evidence(
    TRIAL, "Velora tea is drunk before bed.", NEUTRAL, Design.RANDOMISED_TRIAL
)
GRAPEFRUIT = evidence(
    HOSTILE_RECORD,
    "Grapefruit raised the level of velora.",
    FOR,
    Design.PHARMACOKINETIC,
)


def build_article(parts=PARTS, name="velora.html"):
    """Return an article of (kind, text) parts, as the reader would make it."""
    text, blocks, sentences = "", [], []
    for kind, words in parts:
        start = len(text)
        text += f"{words}\n\n"
        blocks.append(Block(kind, start, start + len(words)))
        spans = split_sentences(words)
        sentences += [Span(start + s.start, start + s.end) for s in spans]
    return Article(
        name=name,
        title=next((words for kind, words in parts if kind == "title"), ""),
        text=text,
        blocks=tuple(blocks),
        sentences=tuple(sentences),
        media_type="text/html",
        sha256="0" * 64,
    )


ARTICLE = build_article()


def find_clause(article, words):
    """Return the span of the words, which may hold " … " for what lies between."""
    first, _, last = words.partition(" … ")
    start = article.text.index(first)
    return Span(start, article.text.index(last or first, start) + len(last or first))


def build_finding(quote, text, label, items=(), *, article=ARTICLE, **more):
    """Return a finding about the quoted words of the article."""
    clause = find_clause(article, quote)
    whole = next(s for s in article.sentences if s.start <= clause.start < s.end)
    reason = more.pop("reason", "One sentence says why.")
    certainty = more.pop("certainty", Certainty.VERY_LOW)
    frame = more.pop("frame", Frame(exposure=(Term("velora", "velora"),)))
    why_not = more.pop("why_not", "")
    claim_type = more.pop("type", ClaimType.EFFICACY)
    steps = more.pop("steps", ())
    return Finding(
        claim=Claim(
            sentence=article.text[whole.start : whole.end],
            start=whole.start,
            end=whole.end,
            clause=clause,
            text=text,
            type=claim_type,
            frame=frame,
            checkable=not why_not,
            why_not=why_not,
        ),
        verdict=Verdict(label=label, certainty=certainty, reason=reason, steps=steps),
        evidence=tuple(items),
        **more,
    )


FINDINGS = (
    build_finding(
        "Velora is a shrub of the invented highlands",
        "Velora is a shrub of the invented highlands.",
        Label.SUPPORTED,
        (SHRUB, SILENT),
        type=ClaimType.DESCRIPTION,
        certainty=Certainty.LOW,
        reason="One systematic review says the same.",
        steps=(
            CertaintyStep("design", 0, Certainty.MODERATE, "It rests on a review."),
            CertaintyStep("imprecision", -1, Certainty.LOW, "It had 64 people."),
        ),
    ),
    build_finding(
        "Its root contains two alkaloids",
        "Velora root contains two alkaloids.",
        Label.SUPPORTED,
        (SHRUB,),
        type=ClaimType.DESCRIPTION,
        certainty=Certainty.HIGH,
    ),
    build_finding(
        "people have brewed it into tea for generations",
        "People have brewed velora into tea for generations.",
        Label.INSUFFICIENT,
        (SILENT, SILENT_TRIAL),
        reason="Two studies were read and none settles it.",
    ),
    build_finding(
        "Drinking velora tea reduces the time to fall asleep",
        "Drinking velora tea reduces the time to fall asleep.",
        Label.SUPPORTED,
        (LATENCY, LATENCY_STARTER, LATENCY_RETRACTED, SILENT),
        certainty=Certainty.MODERATE,
        reason="Two randomised trials found a shorter time; none found otherwise.",
        queries=(
            '(velora[tiab]) AND ("sleep latency"[tiab] OR "fall asleep"[tiab])',
            "velora[tiab] AND sleep",
        ),
        words=(("velora", ("velora", "velora root")), ("sleep latency", ("latency",))),
        frame=Frame(
            exposure=(Term("velora tea", "velora"),),
            outcome=(Term("time to fall asleep", "sleep latency"),),
            direction=Direction.DECREASES,
            causal=True,
        ),
    ),
    build_finding(
        "Drinking velora tea reduces … the number of awakenings",
        "Drinking velora tea reduces the number of awakenings.",
        Label.CONTRADICTED,
        (AWAKENINGS, AWAKENINGS_STARTER, SILENT),
        certainty=Certainty.LOW,
        reason="Two randomised trials found no difference.",
    ),
    build_finding(
        "it may also improve sleep quality in people who stop taking painkillers",
        "Velora may improve sleep quality in people who stop taking painkillers.",
        Label.MIXED,
        (QUALITY, QUALITY_FOR, QUALITY_AGAINST, SILENT, SILENT_TRIAL),
        certainty=Certainty.LOW,
        reason="One study speaks for it, one against it, and one sets limits.",
        flags=(
            Flag(
                "other-outcome",
                "The studies measured sleep, not painkiller use.",
                QUALITY.sentence,
                "abstract",
                QUALITY.start,
                QUALITY.end,
            ),
            Flag("association-as-cause", "The studies show association, not cause."),
        ),
        frame=Frame(
            exposure=(Term("velora", "velora"),),
            outcome=(Term("sleep quality", "sleep quality"),),
            population=(Term("people who stop taking painkillers"),),
            direction=Direction.IMPROVES,
            hedge="may",
            attribution="the makers",
        ),
    ),
    build_finding(
        "Velora has no effect on blood pressure",
        "Velora has no effect on blood pressure.",
        Label.SUPPORTED,
        (PRESSURE,),
        certainty=Certainty.VERY_LOW,
        type=ClaimType.SAFETY,
    ),
    build_finding(
        "Velora damages the liver",
        "Velora damages the liver.",
        Label.INSUFFICIENT,
        (LIVER,),
        type=ClaimType.SAFETY,
        reason="The only study that speaks to it was made in animals.",
        flags=(Flag("other-species", "The only evidence is from rats."),),
    ),
    build_finding(
        "Velora is completely safe and never habit-forming",
        "Velora is never habit-forming.",
        Label.CONTRADICTED,
        (HABIT,),
        certainty=Certainty.MODERATE,
        type=ClaimType.SAFETY,
    ),
    build_finding(
        "Taking it together with grapefruit raises its level in the blood",
        "Taking velora with grapefruit raises its level in the blood.",
        Label.SUPPORTED,
        (GRAPEFRUIT,),
        type=ClaimType.MECHANISM,
    ),
    build_finding(
        "Always start with half a cup",
        "Always start with half a cup.",
        Label.NOT_CHECKABLE,
        type=ClaimType.ADVICE,
        why_not="This is advice: it tells what to do, not what is so.",
    ),
    build_finding(
        "A reader also sent us this",
        HOSTILE,
        Label.INSUFFICIENT,
        (),
        reason=HOSTILE,
        flags=(Flag("hostile", HOSTILE, HOSTILE, HOSTILE),),
        queries=(HOSTILE,),
        words=((HOSTILE, (HOSTILE,)),),
    ),
)
LOGS = (
    SearchLog(
        source="pubmed",
        query='(velora[tiab]) AND ("sleep latency"[tiab] OR "fall asleep"[tiab])',
        translation='"velora"[tiab] AND "sleep latency"[tiab]',
        count=1834,
        wanted=200,
        retrieved=199,
        missing=("90000099",),
        ignored=("The words “fall asleep” were not found and left out.",),
        when="2025-02-01T10:00:00Z",
        recorded=True,
    ),
    SearchLog(source="pubmed", query="velora[tiab] AND liver", failed=True),
)
REPORT = Report(
    article=ARTICLE,
    findings=FINDINGS,
    searched=LOGS,
    problems=(
        Problem(
            where="pubmed",
            what="no answer came within 30 seconds",
            what_to_do="Run the same command again later.",
        ),
        Problem(where=HOSTILE, what=HOSTILE, what_to_do=HOSTILE),
    ),
    library=(("starter", 139, "2025-01-15"), ("pubmed", 1204, "2025-02-01")),
    offline=True,
    counts=Counts(found=197, read=64),
)
EMPTY = Report(article=build_article((("paragraph", "Nothing here."),)), findings=())
RECORDS = (TRIAL, STARTER_RECORD, RAT, RETRACTED, CONCERN, REVIEW, BARE, HOSTILE_RECORD)
FOUND = Found(records=RECORDS, problems=REPORT.problems, logs=LOGS)
QUERY = Query(text="velora[tiab] AND sleep", since="2010", limit=50)
SAVED = SavedQuery(name="velora-sleep", query=QUERY, title="Velora and sleep")
RUN = SearchRun(
    query=Query(text="velora[tiab] AND sleep[mh]", since="2010", limit=None),
    name="velora-sleep",
    sources=("pubmed", "europepmc", "crossref"),
    logs=(
        SearchLog(
            source="pubmed",
            query="velora[tiab] AND sleep[mh]",
            translation='"velora"[Title/Abstract] AND "sleep"[MeSH Terms]',
            count=12_004,
            wanted=12_004,
            retrieved=12_003,
            missing=("90000099",),
            ignored=("PubMed did not find the phrase “deep velora”.",),
            when="2025-02-01T10:00:00+00:00",
            slices=(
                Slice("crdt", "1000/01/01", "2019/12/31", 7_000, 7_000),
                Slice("crdt", "2020/01/01", "3000/12/31", 5_004, 5_004),
            ),
            count_after=12_004,
            requests=53,
        ),
        SearchLog(
            source="europepmc",
            query="velora[tiab] AND sleep[mh]",
            sent='(TITLE_ABS:"velora") AND (KW:"sleep")',
            clauses=(
                Clause(
                    "velora[tiab]", 0, 12, 'TITLE_ABS:"velora"', Fidelity.EXACT
                ),
                Clause(
                    "sleep[mh]", 17, 26, 'KW:"sleep"', Fidelity.NARROWED,
                    "Europe PMC does not look below a heading.",
                ),
            ),
            count=310,
            wanted=310,
            retrieved=308,
            count_after=310,
            difference="Europe PMC counted 310 and delivered 308 to the end.",
            when="2025-02-01T10:00:09+00:00",
            repeated=1,
            requests=1,
            credits=4,
        ),
        SearchLog(source="crossref", query="velora[tiab] AND sleep[mh]", failed=True),
    ),
    problems=(
        Problem(where="Crossref", what="no answer came", what_to_do="Try later."),
    ),
    found=12_311,
    duplicates=290,
    merged=12_021,
    studies=11_800,
    started="2025-02-01T09:59:58+00:00",
    finished="2025-02-01T10:02:11+00:00",
    tools=(Tool("assay", "0.1.0"), Tool("Python", "3.11.7")),
)  # fmt: skip
