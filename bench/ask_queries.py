"""The searches that bench.ask makes: those that people make, of every kind.

None is made to look well: long ORs, truncations that stand for thousands of words,
stopwords in phrases and whole years are among them.
"""

_FIFTY = (
    "cancer heart lung kidney liver brain blood cell gene protein rat mouse human "
    "patient therapy drug dose effect study trial risk age sex diet sleep pain stress "
    "virus bacteria infection immune antibody receptor enzyme acid membrane tissue "
    "bone muscle skin eye ear tooth surgery nurse child women men pregnancy birth"
)

QUERIES: tuple[tuple[str, str], ...] = (
    ("word", "kratom"),
    ("word", "sleep"),
    ("word", "cancer"),
    ("word", "patients"),
    ("words", "breast cancer screening"),
    ("words", "sleep deprivation cognitive performance"),
    ("words", "opioid withdrawal treatment"),
    ("words", "vitamin d deficiency children"),
    ("words", "covid 19 vaccine"),
    ("tagged", "insomnia[ti]"),
    ("tagged", "diabetes[tiab] AND insulin[tiab]"),
    ("tagged", "rat[tw] AND liver[tw]"),
    ("phrase", '"blood pressure"'),
    ("phrase", '"randomized controlled trial"[tiab]'),
    ("phrase", '"quality of life"[tiab]'),
    ("phrase", '"in patients with"'),
    ("boolean", "(cancer OR tumor OR neoplasm) AND therapy NOT mice"),
    ("boolean", "(aspirin OR ibuprofen) AND (stroke OR infarction)"),
    ("boolean", "hypertension AND (diet OR exercise) NOT review[pt]"),
    ("boolean", "depression[tiab] AND (randomized[tiab] OR placebo[tiab])"),
    ("not", "humans[mh] NOT animals[mh]"),
    ("not", "cancer NOT (mice OR rats)"),
    ("heading", "neoplasms[mh]"),
    ("heading", "sleep initiation and maintenance disorders[mh]"),
    ("heading", "hypertension[majr]"),
    ("heading", "humans[mh]"),
    ("heading", "sleep[mh:noexp]"),
    ("heading", "analgesics, opioid[mh] AND substance withdrawal syndrome[mh]"),
    ("truncated", "mitragyn*"),
    ("truncated", "hypert*[ti]"),
    ("truncated", "hepatotox*[tiab]"),
    ("truncated", "random*[tiab] AND sleep*[tiab]"),
    ("truncated", "inflam*"),
    ("truncated", "cell*"),
    ("long or", " OR ".join(_FIFTY.split())),
    ("long or", " OR ".join(f"{word}[ti]" for word in _FIFTY.split())),
    ("near", '"heart failure"[tiab:~3]'),
    ("near", '"sleep quality insomnia"[tiab:~5]'),
    ("date", "2019:2021[dp]"),
    ("date", "cancer AND 2020[dp]"),
    ("date", "diabetes AND 2000:2021[dp]"),
    ("date", "1979/06[dp]"),
    ("author", "smith j[au]"),
    ("author", "wang[au]"),
    ("author", "zhang y[au] AND cancer"),
    ("journal", "nature[ta]"),
    ("journal", "lancet[ta] AND trial"),
    ("type", "review[pt] AND asthma"),
    ("type", "randomized controlled trial[pt] AND english[la]"),
    ("type", "journal article[pt]"),
    ("id", "399296[pmid]"),
    ("id", "90000399[pmid] OR 90000400[pmid]"),
    ("strategy",
     "(insomnia[mh] OR insomnia[tiab] OR sleepless*[tiab] OR \"sleep quality\"[tiab]) "
     "AND (valerian[tiab] OR melatonin[tiab] OR kratom[tiab] OR herbal[tiab]) AND "
     "(randomized controlled trial[pt] OR random*[tiab] OR placebo[tiab]) "
     "NOT (animals[mh] NOT humans[mh])"),
    ("strategy",
     "(diabetes mellitus[mh] OR diabet*[tiab]) AND (exercise[mh] OR exercis*[tiab] OR "
     "\"physical activity\"[tiab]) AND (randomized controlled trial[pt] OR "
     "random*[tiab] OR trial[ti]) AND 2000:2021[dp]"),
)  # fmt: skip
"""(kind, search), each read as `assay search --library` reads it."""

CLAIMS = (
    "Kratom reduces the symptoms of opioid withdrawal.",
    "Melatonin shortens the time that people with insomnia take to fall asleep.",
    "Vitamin D supplements prevent fractures in older women.",
    "Regular exercise lowers blood pressure in patients with type 2 diabetes.",
    "Statins cause muscle pain in most of the patients who take them.",
    "Breast cancer screening by mammography reduces mortality.",
)
"""Claims whose nearest records are looked for (`Holdings.find_alike`)."""

GROUPS = (
    (("sleep", "insomnia"), ("withdrawal", "cessation")),
    (("opioid*",), ("random*", "placebo")),
    (("liver injury", "hepatotox*"),),
    (("cell*",), ("rat", "rats", "mice"), ("increas*",)),
)
"""Groups of terms as a claim's candidates are looked for (`Holdings.find`)."""
