"""The small dictionaries of the stand-in: field tags, stopwords, MeSH, term mapping.

PubMed's own tables hold hundreds of thousands of entries; these hold what the tests
ask for. Headings are real MeSH words where one was at hand, the tree is cut down.
"""

import re

STOPWORDS = frozenset(re.findall(r"\w+", """
    a about again all almost also although always among an and another any are as
    at be because been before being between both but by can could did do does done
    due during each either enough especially etc for found from further had has
    have having here how however i if in into is it its itself just kg km made
    mainly make may mg might ml mm most mostly must nearly neither no nor obtained
    of often on our overall perhaps pmid quite rather really regarding seem seen
    several should show showed shown shows significantly since so some such than
    that the their theirs them then there therefore these they this those through
    thus to upon various very was we were what when which while with within
    without would
"""))  # fmt: skip

# field -> (name printed in a translation, the tags that mean it)
FIELDS = {
    "all": ("All Fields", "all allfields"),
    "tiab": ("Title/Abstract", "tiab title/abstract"),
    "ti": ("Title", "ti title titl"),
    "tw": ("Text Word", "tw textword textwords text word"),
    "ot": ("Other Term", "ot otherterm otrm"),
    "mh": ("MeSH Terms", "mh mesh meshterms"),
    "majr": ("MeSH Major Topic", "majr mj meshmajortopic"),
    "sh": ("MeSH Subheading", "sh subheading meshsubheading subh"),
    "pt": ("Publication Type", "pt publicationtype ptyp"),
    "nm": ("Supplementary Concept", "nm supplementaryconcept subs substancename"),
    "rn": ("EC/RN Number", "rn ec/rnnumber ecno"),
    "au": ("Author", "au author auth"),
    "1au": ("Author - First", "1au firstauthor author-first faut"),
    "lastau": ("Author - Last", "lastau lastauthor author-last laut"),
    "fau": ("Full Author Name", "fau fullauthorname full"),
    "auid": ("Author - Identifier", "auid"),
    "ir": ("Investigator", "ir investigator"),
    "cn": ("Corporate Author", "cn corporateauthor author-corporate coln"),
    "ps": ("Personal Name as Subject", "ps"),
    "ad": ("Affiliation", "ad affiliation affl"),
    "ta": ("Journal", "ta journal jour"),
    "jid": ("NLM Unique ID", "jid"),
    "vi": ("Volume", "vi volume vol"),
    "ip": ("Issue", "ip issue iss"),
    "pg": ("Pagination", "pg pagination page"),
    "la": ("Language", "la language lang"),
    "pl": ("Place of Publication", "pl cntry"),
    "tt": ("Transliterated Title", "tt transliteratedtitle"),
    "cois": ("Conflict of Interest Statements", "cois"),
    "si": ("Secondary Source ID", "si secondarysourceid"),
    "gr": ("Grants and Funding", "gr grantnumber grnt"),
    "aid": ("Article Identifier", "aid articleidentifier doi lid locationid"),
    "sb": ("Filter", "sb filter subset filt"),
    "isbn": ("ISBN", "isbn"),
    "book": ("Book", "book"),
    "pubn": ("Publisher", "pubn publisher"),
    "pmid": ("UID", "pmid uid"),
    "dp": ("Date - Publication", "dp pdat publicationdate date-publication"),
    "epdat": ("Electronic Date of Publication", "epdat epdt"),
    "ppdat": ("Print Date of Publication", "ppdat ppdt"),
    "edat": ("Date - Entry", "edat entrydate date-entry"),
    "crdt": ("Date - Create", "crdt createdate date-create"),
    "mhda": ("Date - MeSH", "mhda meshdate date-mesh"),
    "dcom": ("Date - Completion", "dcom datecompleted date-completion cdat"),
    "lr": ("Date - Modification", "lr mdat date-modification lastrevision"),
}
TAGS = {tag: field for field, (_, tags) in FIELDS.items() for tag in tags.split()}
DATES = frozenset({"dp", "epdat", "ppdat", "edat", "crdt", "mhda", "dcom", "lr"})
EXPLODING = frozenset({"mh", "majr", "sh", "pt"})
NEARNESS = frozenset({"ti", "tiab", "ad"})

# A field that is searched by looking into several parts of a record.
TIAB = ("ti", "ab", "ot", "book")
TEXT_WORD = (*TIAB, "mh", "sh", "pt", "nm", "ps", "cn", "si", "tt")
PARTS = {
    "tiab": TIAB,
    "tw": TEXT_WORD,
    "all": (
        *TEXT_WORD, "rn", "au", "fau", "ir", "ad", "ta", "jid", "vi", "ip", "pg", "la",
        "gr", "aid", "cois", "isbn", "pubn", "year", "pmid",
    ),
}  # fmt: skip

MESH_CHILDREN = {
    "sleep wake disorders": (
        "sleep initiation and maintenance disorders", "parasomnias",
    ),
    "sleep": ("sleep stages", "sleep quality", "sleep latency"),
    "substance-related disorders": (
        "opioid-related disorders", "substance withdrawal syndrome",
    ),
    "liver diseases": ("chemical and drug induced liver injury",),
    "chemical and drug induced liver injury": (
        "chemical and drug induced liver injury, chronic",
    ),
    "plants, medicinal": ("valerian", "chamomile", "mitragyna"),
    "animals": ("mice", "rats", "humans"),
    "rodentia": ("mice", "rats"),
    "anxiety disorders": ("phobic disorders",),
    "central nervous system depressants": ("hypnotics and sedatives", "melatonin"),
    "clinical trial": (
        "randomized controlled trial", "clinical trial, phase ii",
        "pragmatic clinical trial",
    ),
    "review": ("systematic review",),
    "study characteristics": ("clinical trial", "case reports"),
    "drug therapy": (),
    "toxicity": ("adverse effects", "poisoning"),
}  # fmt: skip

# Entry terms and other words that MeSH fields and term mapping lead to a heading.
ENTRY_TERMS = {
    "kratom": "mitragyna",
    "mitragyna speciosa": "mitragyna",
    "insomnia": "sleep initiation and maintenance disorders",
    "insomnias": "sleep initiation and maintenance disorders",
    "sleep disorders": "sleep wake disorders",
    "withdrawal": "substance withdrawal syndrome",
    "withdrawal syndrome": "substance withdrawal syndrome",
    "opioid withdrawal": "substance withdrawal syndrome",
    "liver injury": "chemical and drug induced liver injury",
    "drug-induced liver injury": "chemical and drug induced liver injury",
    "hepatotoxicity": "chemical and drug induced liver injury",
    "opioid use disorder": "opioid-related disorders",
    "human": "humans",
    "mouse": "mice",
    "rat": "rats",
    "tea": "teas, herbal",
}
HEADINGS = frozenset(
    {
        "mitragyna", "sleep", "sleep latency", "sleep quality", "sleep stages",
        "sleep wake disorders", "sleep initiation and maintenance disorders",
        "substance withdrawal syndrome", "opioid-related disorders", "valerian",
        "melatonin", "magnesium", "chamomile", "liver", "liver diseases",
        "chemical and drug induced liver injury", "humans", "mice", "rats", "animals",
        "anxiety", "pain", "fatigue", "teas, herbal", "plants, medicinal",
    }
)  # fmt: skip
TYPE_NAMES = {"retraction notice": "retraction of publication"}  # one name, renamed
SUBSTANCES = frozenset({"mitragynine", "7-hydroxymitragynine", "valerenic acid"})
VARIANTS = {  # further words that term mapping adds, as in recorded translations
    "liver": ("livers", "liver s"),
    "melatonin": ("melatonins", "melatonine"),
    "insomnia": ("insomnias",),
    "withdrawal": ("withdrawals",),
}

# These stand in abstracts of the invented set but not in the "phrase index".
UNINDEXED = frozenset({"deep restful night"})

# PubMed holds forty million records, so that nearly every word is in it. A word that
# stands in none of ours finds nothing, but counts as unknown only if it begins so:
UNKNOWN_BEGINNINGS = ("zz", "xx", "qq", "abcxyz")

SPELLING = {  # espell: what was typed -> what is meant
    "kratum": "kratom",
    "kratm": "kratom",
    "melatonine": "melatonin",
    "valarian": "valerian",
    "insomnya": "insomnia",
    "magnesum": "magnesium",
    "camomille": "chamomile",
    "withdrawl": "withdrawal",
}


def find_descendants(heading: str) -> frozenset[str]:
    """Return the heading and everything below it in the tree, lower case."""
    found, waiting = set(), [heading]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(MESH_CHILDREN.get(name, ()))
    return frozenset(found)
