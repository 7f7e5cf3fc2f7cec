"""Of whom a study tells: animals, the laboratory, other people, certain people only."""

import re
from collections.abc import Iterable

from assay.claims.vocabulary import Vocabulary
from assay.evidence.card import (
    ABOUT_PEOPLE,
    Asked,
    raise_by_claim,
    raise_by_line,
    raise_by_term,
)
from assay.evidence.match import closeness_of
from assay.evidence.reading import Line, Study
from assay.evidence.wording import content_words
from assay.model import Claim, ClaimType, Design, Flag

NOT_IN_PEOPLE = frozenset({Design.ANIMAL, Design.IN_VITRO})
ABOUT_THINGS = frozenset({"acts-on", "contains", "varies", "located", "is"})
"""Relations that assert something of a substance or product, not of people."""
SPECIAL_PEOPLE = frozenset(
    {"people-on-opioid-treatment", "people-in-opioid-withdrawal", "regular-users"}
)
"""People of whom a figure cannot be carried over to everybody."""
_YOUNG = frozenset({"Child", "Child, Preschool", "Infant", "Infant, Newborn",
                    "Adolescent"})  # fmt: skip
_GROWN = frozenset({"Adult", "Young Adult", "Middle Aged", "Aged", "Aged, 80 and over"})
_OLD = frozenset({"Aged", "Aged, 80 and over"})
_ANIMAL_WORDS = re.compile(
    r"\b(?:rats?|mice|mouse|rodents?|animals?|murine|monkeys?|macaques?|dogs?|"
    r"zebrafish|"
    r"preclinical)\b",
    re.IGNORECASE,
)
_LAB_WORDS = re.compile(r"\b(?:in vitro|in cells?)\b(?!-)", re.IGNORECASE)
_PERSONS = re.compile(
    r"\b(?:people|patients?|adults?|users?|volunteers?|men|women|persons?|you|your)\b",
    re.IGNORECASE,
)
_OF_ANIMALS = re.compile(
    r"\b(?:animals?|rats?|mice|mouse|murine|rodents?|monkeys?|macaques?|primates?|"
    r"simian|"
    r"dogs?|cats?|pigs?|cows?|cattle|horses?|rabbits?|hamsters?|ferrets?|bats?|"
    r"pangolins?|birds?|chickens?|fish|zebrafish|flies|fly|worms?|insects?)\b",
    re.IGNORECASE,
)
"""Words of a claim that is about animals, or about animals and people."""
_OF_CELLS = re.compile(
    r"\b(?:stem cells?|cell lines?|macrophages?|podocytes?|neutrophils?|monocytes?|"
    r"fibroblasts?|astrocytes?|glial|neurons|embryonic|transcription|signal(?:l)?ing|"
    r"kinases?|caspases?|mutations?|mutants?|knock-?out|autophagy|mitochondri\w+|"
    r"cytokines?|in vitro|differentiat\w+)\b|(?<!cancer )(?<!tumor )(?<!tumour )"
    r"(?<!skin )(?<!brain )(?<!fat )(?<!blood )(?<!immune )(?<!liver )\bcells\b|"
    r"\b(?-i:[A-Z]{2,}\d\w*|p53)\b",
    re.IGNORECASE,
)
"""Words of a claim that is about cells, genes or molecules, and not about people."""
_PEOPLE_WORDS = re.compile(
    r"\b(?:human|people|patients?|participants?|adults?|users?|volunteers?|men|women|"
    r"persons?|trial)s?\b",
    re.IGNORECASE,
)


def speaks_of_animals(sentence: str) -> bool:
    """Say whether a sentence tells of animals or cells and of no people.

    >>> speaks_of_animals("All rodent studies showed an effect")
    True
    """
    met = _ANIMAL_WORDS.search(sentence) or _LAB_WORDS.search(sentence)
    return bool(met) and not _PEOPLE_WORDS.search(sentence)


def find_field(study: Study, line: Line) -> Design | None:
    """Return ANIMAL or IN_VITRO where a sentence tells of no people; else None."""
    if study.design in NOT_IN_PEOPLE:
        return study.design
    for text in (line.text, study.record.title):
        if speaks_of_animals(text):
            return Design.ANIMAL if _ANIMAL_WORDS.search(text) else Design.IN_VITRO
    return None


def is_about_things(claim: Claim) -> bool:
    """Say whether a claim describes a substance, cells or genes, and no people."""
    frame = claim.frame
    of_people = frame.relation == "is" and (frame.outcome or frame.population)
    if frame.relation in ABOUT_THINGS:
        return not of_people
    return bool(_OF_CELLS.search(claim.text)) and not _PERSONS.search(claim.text)


def find_other_species(asked: Asked) -> Flag | None:
    """Return the flag of a finding in animals for a claim about people."""
    return _flag_field(asked, Design.ANIMAL, "other-species", "Animals")


def find_in_vitro(asked: Asked) -> Flag | None:
    """Return the flag of a finding in the laboratory for a claim about people."""
    return _flag_field(asked, Design.IN_VITRO, "in-vitro-only", "In Vitro Techniques")


def _flag_field(asked: Asked, field: Design, code: str, heading: str) -> Flag | None:
    claim, study, line = asked.claim, asked.study, asked.line
    of_others = is_about_things(claim) or _OF_ANIMALS.search(claim.text)
    if of_others or claim.type is ClaimType.DESCRIPTION:
        return None
    if find_field(study, line) is not field:
        return None
    headings = {m.descriptor for m in study.record.mesh}
    if study.design in NOT_IN_PEOPLE and heading in headings:
        return raise_by_term(code, heading, "MeSH heading")
    telling = next((x for x in (line, *study.lines) if speaks_of_animals(x.text)), None)
    if telling is not None:
        return raise_by_line(code, telling)
    return raise_by_term(code, field.value, "study design")


# --- other people than the claim is about ---------------------------------------------

_ALSO = {
    "women": r"\b(?:females?|girls|wom[ae]n)\b",
    "men": r"\b(?:males?|boys|m[ae]n)\b",
    "children": r"\b(?:p(?:a)?ediatric|neonat\w*|newborns?|preterm|youths?|teen\w*|"
    r"boys|girls|school\w*|juvenile|toddlers?|younger (?:ages?|people|persons))\b",
    "older-adults": r"\b(?:geriatric|elder\w*|old(?:er)? (?:age|adults?|people|men|"
    r"women|patients)|ag(?:e)?ing|aged (?:over |≥ ?|> ?)?[67]\d|nursing homes?|"
    r"septuagenarians?)\b",
    "people-in-opioid-withdrawal": r"\b(?:withdrawal|abstinence|detox\w*)\b",
    "people-on-opioid-treatment": r"\b(?:opioid|opiate|heroin)[- ](?:use disorder|"
    r"depend\w+|addict\w+|agonist|substitution|maintenance)|\bmethadone\b|"
    r"\bbuprenorphine\b",
    "regular-users": r"\b(?:regular|long-term|chronic|habitual|daily|heavy|dependent) "
    r"(?:\w+ ){0,2}?(?:us(?:e|ers?|ing)|consum\w+)\b",
    "athletes": r"\b(?:athlet\w*|players?|cyclists?|runners?|swimmers?|trained)\b",
    "pregnant-women": r"\b(?:gestation\w*|trimester|antenatal|prenatal|maternal|"
    r"obstetric\w*|pregnan\w*)\b",
}
_ALSO_RE = {key: re.compile(words, re.IGNORECASE) for key, words in _ALSO.items()}
_WITH = re.compile(r"^(?:people|patients|adults|children|individuals) with (.+)$")
_PEOPLE = (
    r"(?:patients?|participants?|volunteers?|subjects|adults|women|men|children|"
    r"students|users|consumers|people|persons|individuals|respondents|adolescents|"
    r"infants|newborns|veterans|athletes)\b"
)
_WHO = re.compile(rf"\b{_PEOPLE}", re.IGNORECASE)
_COUNTED = re.compile(
    rf"(?<![\d.])\d[\d,]* (?:[\w-]+ ){{0,4}}?{_PEOPLE}", re.IGNORECASE
)


def studied_other_people(claim: Claim, study: Study, words: Vocabulary) -> bool:
    """Say whether the claim is about certain people whom the record never mentions."""
    wanted = [t.concept for t in claim.frame.population if t.concept]
    if not wanted:
        return False
    met = {c for c in study.concepts if words.concepts[c].kind == "population"}
    if any(words.within(c, w) for c in met for w in wanted):
        return False
    return not any(_mentions(w, study, words) for w in wanted)


def _mentions(population: str, study: Study, words: Vocabulary) -> bool:
    """Say whether a record names people by a heading, a synonym or their condition."""
    concept = words.concepts[population]
    if concept.kind != "population":  # a state that people are in
        return not words.family((population,)).isdisjoint(study.concepts)
    if {m.descriptor for m in study.record.mesh} & set(concept.mesh):
        return True
    also = _ALSO_RE.get(population)
    if also and also.search(study.text):
        return True
    conditions = {m[1] for w in concept.words if (m := _WITH.match(w))}
    text = f"{study.text} {study.record.population}".lower()
    return any(_stem(condition) in text for condition in conditions)


def _stem(condition: str) -> str:
    """Return the part of a condition's name that its adjectives keep ("obes")."""
    return condition[: max(4, len(condition) * 2 // 3)]


def is_of_special_people(claim: Claim, study: Study, words: Vocabulary) -> bool:
    """Say whether a claim of how common something is rests on a special group."""
    if claim.frame.relation != "common" or claim.frame.exposure:
        return False
    if any(t.concept for t in claim.frame.population):
        return False
    treated = any(
        words.concepts[m.concept].kind == "exposure" for m in study.title_mentions
    )
    return treated or bool(study.concepts & SPECIAL_PEOPLE)


def find_other_population(asked: Asked) -> Flag | None:
    """Return the flag of a study that does not name the people of the claim."""
    claim, study = asked.claim, asked.study
    if not studied_other_people(claim, study, asked.words):
        return None
    who = _people_line(study, asked.line)
    if who is not None:
        return raise_by_line("other-population", who)
    return raise_by_claim("other-population", claim, claim.frame.population[0].words)


def _people_line(study: Study, line: Line) -> Line | None:
    """Return the sentence that counts the people of a study, else a title that tells.

    The shown sentence goes first.
    """
    counted = (x for x in (line, *study.lines) if _COUNTED.search(x.text))
    titles = (x for x in study.lines if x.place == "TITLE" and _WHO.search(x.text))
    return next(counted, None) or next(titles, None)


# --- certain people only --------------------------------------------------------------

_GENERAL_ONLY = re.compile(
    r"\b(?:(?:people|adults|individuals|persons|those|anyone|someone|users?|"
    r"you) (?:\w+ )?"
    r"(?:with|who|whose|seeking|suffering|experiencing|undergoing|going through|"
    r"recovering|trying|struggling|dealing|facing|prone|at risk|in|on|from|aged|over|"
    r"under|having)|patients?|wom[ae]n|m[ae]n|child\w*|kids|teen\w*|adolescen\w*|"
    r"infants?|bab(?:y|ies)|elderly|seniors|older|athletes?|users?|consumers?|smokers?|"
    r"drinkers|pregnan\w*|menopaus\w*|menstru\w*|period|breast\w*|ovar\w*|uter\w*|"
    r"vagin\w*|withdrawal|detox\w*|opioid\w*|addict\w*|females?|males?|carriers?|"
    r"(?:some|certain|many|most) (?:people|individuals|adults)|"
    r"(?:prolonged|long-term|chronic|"
    r"regular|habitual|heavy|frequent|daily|repeated) (?:\w+ )?(?:use|intake|drinking|"
    r"consumption)|prostat\w*|sperm\w*|testost\w*|erect\w*|fertil\w*|students?|"
    r"workers?|"
    r"nurses?|veterans?|diabetics?|survivors?|sufferers?|among|if you)\b",
    re.IGNORECASE,
)
"""Words of a claim that may confine it to some people: then nothing is said."""
_CONDITION = re.compile(
    r"\b(?:patients?|adults?|people|persons|individuals|subjects|participants|women|"
    r"men|"
    r"children|adolescents|students|veterans|survivors)\s(?:(?:who (?:have|had)|with|"
    r"suffering from|undergoing|receiving|having|treated for)\s"
    r"(?!and\b|or\b|versus\b|no\b)(?P<what>[^.,;:?]{3,90}))",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"\b(?P<group>(?:post-?menopausal|pregnant|breastfeeding|older|elderly) (?:women|"
    r"men|adults|people|patients|persons|subjects)|the elderly|children|adolescents|"
    r"infants|neonates|newborns|preterm infants|athletes|cyclists|runners|"
    r"shift workers|"
    r"nurses|veterans|soldiers|military personnel|prisoners|(?:university|college|"
    r"medical|nursing) students|(?:hemo|haemo)dialysis patients|(?:\w+ )?cancer "
    r"(?:patients|survivors)|regular (?:\w+ ){0,2}(?:users|consumers))\b",
    re.IGNORECASE,
)
_MIXED_AGES = re.compile(
    r"\b(?:and|or|to) (?:young |healthy )?(?:adults?|men|women|older)\b|"
    r"\badults and\b|\bmen and women\b",
    re.IGNORECASE,
)
_ONE_OR_NONE = frozenset({Design.CASE_REPORT, *NOT_IN_PEOPLE})


def find_narrower_population(asked: Asked) -> Flag | None:
    """Return the flag of a study of certain people for a claim about people in general.

    Told by its title, by its recorded population, by the sentence, or by check tags of
    age; not where the claim or its outcome is itself about those people.
    """
    claim, study, words = asked.claim, asked.study, asked.words
    if is_of_special_people(claim, study, words):
        who = _people_line(study, asked.line)
        if who is not None:
            return raise_by_line("narrower-population", who)
    general = claim.frame.relation in ABOUT_PEOPLE and not claim.frame.population
    if not general or study.design in _ONE_OR_NONE or find_field(study, asked.line):
        return None
    if _GENERAL_ONLY.search(claim.text) or _GENERAL_ONLY.search(claim.sentence):
        return None
    title = next((x for x in study.lines if x.place == "TITLE"), None)
    if title is not None and _names_group(title.text, asked):
        return raise_by_line("narrower-population", title)
    for line in filter(None, (title, asked.line)):
        if claim.frame.relation == "effect" and _counts_special(line):
            return raise_by_line("narrower-population", line)
    tag = _only_tag({m.descriptor for m in study.record.mesh})
    return raise_by_term("narrower-population", tag, "MeSH heading") if tag else None


def _counts_special(line: Line) -> bool:
    """Say whether a title or a count names special people: "in 357 regular users"."""
    special = [m for m in line.mentions if m.concept in SPECIAL_PEOPLE]
    if line.place == "TITLE":
        return bool(special)
    return any(
        re.search(r"(?<![\d.])\d[\d,]* (?:[\w-]+ ){0,4}$", line.text[: m.start])
        for m in special
    )


def _names_group(text: str, asked: Asked) -> bool:
    """Say whether a text confines a study to people apart from the claimed outcome."""
    if _MIXED_AGES.search(text):
        return False
    condition = _CONDITION.search(text)
    if condition:
        return not _is_near(condition["what"], asked)
    group = _GROUP.search(text)
    return bool(group) and not _is_near(group["group"] if group else "", asked)


def _is_near(what: str, asked: Asked) -> bool:
    """Say whether a condition is the claimed outcome itself, or one beside it."""
    if content_words(what) & content_words(asked.claim.text):
        return True
    wanted = [t.concept for t in asked.claim.frame.outcome if t.concept]
    met = [m.concept for m in asked.words.mentions(what)]
    return any(_related(m, w, asked.words) for m in met for w in wanted)


def _related(met: str, wanted: str, words: Vocabulary) -> bool:
    if closeness_of(met, wanted, words):
        return True
    return any(closeness_of(c, wanted, words) for c in words.ancestors(met))


def _only_tag(headings: Iterable[str]) -> str:
    """Return the check tag of a study of the young or of the old alone, else ""."""
    tags = frozenset(headings)
    if "Humans" not in tags:
        return ""
    young, grown = tags & _YOUNG, tags & _GROWN
    if young and not grown:
        return min(young)
    return min(grown) if grown and grown <= _OLD and not young else ""
