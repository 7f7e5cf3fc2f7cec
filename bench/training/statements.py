"""Turn a yes-or-no question of a title or an exam into the statement it asks about."""

import re

_VERBS = """
affect alter cause change contribute correlate decrease delay depend determine differ
diminish effect enhance exist facilitate help have impact impair improve increase induce
influence inhibit interact interfere lead lower make matter mediate modify modulate need
occur offer play predict prevent produce promote protect provide raise reduce reflect
regulate represent require result share show stimulate suppress translate trigger use
work worsen bind activate target encode regulate express form act benefit justify add
reveal remain respond vary include involve allow perceive limit support do cure treat
""".split()
_DO = re.compile(r"^(do|does|did|can|could|should|will|would|may|might|must)\s+", re.I)
_BE = re.compile(r"^(is|are|was|were|has|have|had)\s+(.*)$", re.I)
_SPLIT = re.compile(
    r"\s(?=(?:an?|the|not|never|always|also|still|really|more|less|better|worse|as|"
    r"able|associated|related|linked|effective|efficacious|safe|useful|necessary|"
    r"possible|justified|involved|important|indicated|required|responsible|present|"
    r"approved|used|caused|expressed|found|known|considered|different|superior|"
    r"beneficial|reliable|feasible|appropriate|predictive|susceptible|affected|"
    r"increased|decreased|reduced|transported|regulated|inhibited|mutated|synthesized|"
    r"recommended|implicated|[a-z]+ed (?:by|with|in|to|from|for|at)|in|on|at|of no)\b)",
)


def to_statement(question: str) -> str:
    """Return a question as a statement; the question itself when no rule fits.

    >>> to_statement("Does pretreatment with statins improve outcome after stroke?")
    'Pretreatment with statins improves outcome after stroke.'
    >>> to_statement("Is tea associated with better sleep?")
    'Tea is associated with better sleep.'
    >>> to_statement("Why do we sleep?")
    'Why do we sleep?'
    """
    text = question.strip().rstrip("?").strip()
    if not question.strip().endswith("?"):
        return question
    if ": " in text or ". " in text or "--" in text:
        parts = re.split(r": |\. |--", text)
        topic, asked = parts[0], parts[-1]
        match = re.match(r"(is|are|does|do|can) (?:it|they|this) (.*)", asked, re.I)
        if len(parts) == 2 and match:
            return to_statement(f"{match[1]} the {_lower(topic)} {match[2]}?")
        return question
    if match := _DO.match(text):
        return _with_verb(match[1].lower(), text[match.end() :]) or question
    if match := _BE.match(text):
        word, rest = match[1].lower(), match[2]
        if rest.lower().startswith("there "):
            return f"There {word} {rest[6:]}."
        if cut := _SPLIT.search(rest, 2):
            return _sentence(f"{rest[: cut.start()]} {word} {rest[cut.end() :]}")
    return question


def _with_verb(aux: str, rest: str) -> str:
    words = rest.split()
    for at, word in enumerate(words[1:], 1):
        if word.lower() in _VERBS and words[at - 1].lower() not in {"to", "of", "the"}:
            if aux == "does":
                words[at] = _third_person(word)
            elif aux != "do" and aux != "did":
                words.insert(at, aux)
            elif aux == "did":
                words.insert(at, "did")
            return _sentence(" ".join(words))
        if aux in {"can", "could", "should", "will", "would", "may", "must"} and (
            word == "be"
        ):
            words.insert(at, aux)
            return _sentence(" ".join(words))
    return ""


def _third_person(verb: str) -> str:
    if verb == "have":
        return "has"
    if verb == "do":
        return "does"
    if verb.endswith(("s", "sh", "ch", "x")):
        return verb + "es"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


def _lower(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
