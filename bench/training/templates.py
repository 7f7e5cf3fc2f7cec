"""Invented abstracts about invented findings, told in lay claims: direction and polarity.

Real pairs teach how abstracts are written; too few of them say that fewer awakenings
are better sleep, or that what "helps" in a claim may be a "shorter latency" in a study.
Each claim kind (helps, harms, does nothing) is drawn as often with each label, so that a
reader of the claim alone stays at chance. No finding here is meant to be true.
"""

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Domain(NamedTuple):
    """What can get better or worse, in lay words and as it is measured."""

    lay: tuple[str, ...]
    bad_lay: tuple[str, ...]
    good: tuple[str, ...]
    """Measures of which more is better."""
    bad: tuple[str, ...]
    """Measures of which less is better."""


def _domain(lay: str, bad_lay: str, good: str, bad: str) -> Domain:
    return Domain(*(tuple(p.split("|")) for p in (lay, bad_lay, good, bad)))


DOMAINS = tuple(
    _domain(*row)
    for row in (
        ("sleep|your sleep|sleeping well", "insomnia|sleep problems|poor sleep|sleeplessness", "sleep quality|total sleep time|sleep efficiency|hours slept|restorative sleep", "sleep onset latency|Insomnia Severity Index scores|nocturnal awakenings|wake after sleep onset|sleep disturbance|Pittsburgh Sleep Quality Index scores (higher is worse)|daytime sleepiness"),
        ("pain relief|comfort", "pain|chronic pain|back pain|sore joints|aches", "pain relief|pain-free days|pain threshold|physical function", "pain intensity|pain scores|visual analogue scale pain|rescue analgesic use|joint stiffness"),
        ("calm|mental well-being", "anxiety|nervousness|worry|panic", "calmness ratings|well-being scores", "anxiety symptoms|Hamilton Anxiety scores|state anxiety|anxiety levels|panic attacks"),
        ("mood|mental health", "depression|low mood|the blues", "mood ratings|remission rates|positive affect|treatment response", "depressive symptoms|depression scores|Beck Depression Inventory scores|relapse of depression"),
        ("heart health|the heart", "high blood pressure|hypertension", "blood pressure control|arterial elasticity", "systolic blood pressure|diastolic blood pressure|arterial stiffness"),
        ("losing weight|weight loss|a slim figure", "obesity|excess weight|belly fat", "weight loss|satiety", "body weight|body mass index|waist circumference|fat mass|weight regain"),
        ("healthy cholesterol|your arteries", "high cholesterol|clogged arteries", "HDL cholesterol", "LDL cholesterol|total cholesterol|triglycerides|carotid plaque"),
        ("blood sugar|blood sugar control", "diabetes|high blood sugar", "insulin sensitivity|glycaemic control", "fasting glucose|HbA1c|insulin resistance|incidence of type 2 diabetes"),
        ("memory|the brain|focus|concentration", "memory loss|brain fog|dementia|forgetfulness", "memory performance|cognitive scores|attention|processing speed|verbal recall", "cognitive decline|reaction time errors|incidence of dementia|brain atrophy"),
        ("the immune system|immunity", "colds|flu|infections", "antibody response|immune response|natural killer cell activity", "incidence of respiratory infection|duration of colds|infection rate|sick days"),
        ("the joints|mobility", "inflammation|arthritis|swollen joints", "range of motion|grip strength", "C-reactive protein|swollen joint count|interleukin-6|disease activity"),
        ("digestion|your gut|the stomach", "nausea|bloating|constipation|an upset stomach", "stool frequency|gut comfort", "nausea scores|vomiting episodes|abdominal pain|bloating|symptom severity"),
        ("the heart|a long life", "heart attacks|strokes|heart disease", "survival|event-free survival|ejection fraction", "myocardial infarction|cardiovascular events|stroke|cardiovascular mortality|all-cause mortality"),
        ("cancer prevention|a cancer-free life", "cancer|tumours|breast cancer|bowel cancer", "overall survival|tumour response|progression-free survival", "cancer incidence|tumour growth|recurrence|cancer mortality"),
        ("strong bones|bone health", "osteoporosis|fractures|brittle bones", "bone mineral density|bone strength", "fracture risk|falls|bone loss|hip fractures"),
        ("getting off opioids|recovery from addiction", "opioid withdrawal|withdrawal symptoms|cravings|addiction", "treatment retention|abstinence|opioid-negative urine tests", "withdrawal scores|craving|opioid use|relapse|dropout"),
        ("energy|vitality", "fatigue|tiredness|exhaustion", "vigour scores|energy levels|endurance", "fatigue scores|exhaustion|perceived exertion"),
        ("muscles|fitness|athletic performance", "weakness|muscle loss", "muscle strength|lean mass|maximal oxygen uptake|peak power", "muscle soreness|recovery time|muscle wasting"),
        ("a clear head", "migraine|headaches", "headache-free days|responder rate", "migraine days|headache frequency|attack duration"),
        ("breathing|the lungs", "asthma|coughing|wheezing", "lung function|peak flow|FEV1", "asthma exacerbations|cough scores|wheeze|hospital admissions"),
        ("the menopause|women in the menopause", "hot flushes|hot flashes|night sweats", "menopause-specific quality of life", "hot flush frequency|vasomotor symptoms|night sweats"),
        ("the liver|liver health", "liver damage|fatty liver|a sick liver", "liver function|histological improvement", "ALT levels|liver fat|elevated liver enzymes|liver injury|fibrosis"),
        ("the skin|clear skin", "eczema|acne|wrinkles|psoriasis", "skin hydration|skin elasticity|lesion clearance", "lesion counts|itch|eczema severity|transepidermal water loss"),
        ("stress relief|relaxation", "stress|burnout|tension", "resilience scores|heart rate variability", "perceived stress|cortisol|burnout scores"),
        ("attention|children's concentration", "ADHD|hyperactivity", "sustained attention|school performance", "ADHD symptom scores|hyperactivity ratings|impulsivity"),
        ("fertility|getting pregnant", "infertility|miscarriage", "pregnancy rates|live births|sperm motility|ovulation", "miscarriage rate|time to conception"),
        ("quality of life|older people", "frailty|falls", "quality of life|walking speed|independence", "falls|frailty scores|hospital days|mortality"),
        ("the teeth|healthy gums", "tooth decay|cavities|gum disease", "enamel hardness|gum attachment", "caries incidence|plaque index|gingival bleeding"),
        ("the eyes|eyesight", "dry eyes|macular degeneration|short-sightedness", "visual acuity|tear film stability|contrast sensitivity", "myopia progression|dry eye symptoms|vision loss"),
    )
)  # fmt: skip

KNOWN = """
kratom|melatonin|valerian|cannabidiol|magnesium|ashwagandha|cannabis|caffeine|vitamin D|kava|
omega-3 fatty acids|zinc|ginger|turmeric|curcumin|green tea|probiotics|St John's wort|lavender oil|
chamomile|ginkgo|ginseng|creatine|vitamin C|iron supplements|yoga|acupuncture|mindfulness training|
aerobic exercise|resistance training|cognitive behavioural therapy|intermittent fasting|
a Mediterranean diet|a ketogenic diet|red light therapy|massage|light therapy|screen time|coffee|
alcohol|red meat|sugary drinks|statins|aspirin|metformin|influenza vaccination|antidepressants|
buprenorphine|methadone|clonidine|gabapentin|ketamine|psilocybin|nicotine patches|e-cigarettes|
smoking|air pollution|night shifts|cold water immersion|sauna bathing|garlic|cinnamon|honey|
apple cider vinegar|collagen|glucosamine|a low-salt diet|tart cherry juice|saffron|rhodiola|
echinacea|elderberry|lutein|folic acid|coenzyme Q10|selenium|berberine|quercetin|resveratrol
""".replace("\n", "").split("|")
_HEAD = "zol mar ten vi lo per cas dru fen gal hex ib jun kel lum mo nar ox pri qua ras".split()
_MID = "va li to ra ne mi do su pa ge bi".split()
_TAIL = "trin mab pine zole statin lol pril cin dex phen nium xil one ide vir".split()
CONTROL = (
    "placebo|control|usual care|a waiting list|sham treatment|no treatment|standard care"
).split("|")


def _name(rng: random.Random) -> str:
    if rng.random() < 0.6:
        return rng.choice(KNOWN)
    return rng.choice(_HEAD) + rng.choice(_MID) + rng.choice(_TAIL)


UP = (
    "{M} was significantly higher with {E} than with {K} (P = 0.00{d}).",
    "{E} significantly increased {M} compared with {K}.",
    "{M} increased in the {E} group but not in the {K} group.",
    "Compared with {K}, {E} led to a {n}% increase in {M} (95% CI {a} to {b}).",
    "There was a greater rise in {M} with {E} than with {K} (P < 0.01).",
    "{E} was associated with higher {M} (adjusted odds ratio 1.{n}; 95% CI 1.1 to 2.{d}).",
    "Participants in the {E} arm had more {M} at follow-up than those receiving {K}.",
    "Pooled results showed that {E} raised {M} (standardised mean difference 0.{n}).",
)
DOWN = (
    "{M} was significantly lower with {E} than with {K} (P = 0.00{d}).",
    "{E} significantly reduced {M} compared with {K}.",
    "{M} decreased in the {E} group but not in the {K} group.",
    "Compared with {K}, {E} led to a {n}% reduction in {M} (95% CI {a} to {b}).",
    "{M} fell more with {E} than with {K} (P < 0.01).",
    "{E} was associated with lower {M} (adjusted odds ratio 0.6{d}; 95% CI 0.4 to 0.8).",
    "Participants in the {E} arm had less {M} at follow-up than those receiving {K}.",
    "Pooled results showed that {E} lowered {M} (standardised mean difference -0.{n}).",
)
SAME = (
    "{M} did not differ between the {E} and {K} groups (P = 0.{n}).",
    "{E} had no significant effect on {M} compared with {K}.",
    "There was no significant difference in {M} between {E} and {K} (P = 0.{n}).",
    "{E} was not superior to {K} with regard to {M}.",
    "{E} did not change {M}.",
    "Changes in {M} were similar with {E} and with {K}.",
    "No association was found between {E} and {M} (odds ratio 1.0{d}; 95% CI 0.8 to 1.3).",
    "{E} failed to improve {M} relative to {K}.",
    "The effect of {E} on {M} was not statistically significant (P = 0.{n}).",
)
ENDS = {
    "helps": ("{E} appears to be effective for {B}.", "{E} improved {L}.",
              "These findings support the use of {E} in people with {B}.",
              "{E} may be a useful option for {B}."),
    "harms": ("{E} may be harmful with regard to {L}.", "{E} made {B} worse.",
              "{E} should be avoided by people prone to {B}.",
              "Our data suggest a detrimental effect of {E} on {L}."),
    "nothing": ("These results do not support the use of {E} for {B}.",
                "{E} was no better than {K} for {B}.",
                "{E} did not affect {L} in this trial.",
                "We found no evidence that {E} works for {B}."),
}  # fmt: skip
CLAIMS = {
    "helps": ("{E} helps with {B}.", "{E} helps with {L}.", "{E} is good for {L}.",
              "{E} improves {G}.", "{E} relieves {B}.", "{E} eases {B}.",
              "{E} can help people who suffer from {B}.", "{E} works against {B}.",
              "{E} boosts {G}.", "{E} is an effective remedy for {B}.",
              "{E} reduces {N}.", "{E} increases {G}.", "{E} protects against {B}.",
              "Taking {E} lowers {N}.", "People who use {E} have better {G}.",
              "{E} supports {L}.", "{E} treats {B}.", "{E} fights {B}.",
              "Studies show that {E} improves {G}.", "{E} may ease {B}."),
    "harms": ("{E} worsens {B}.", "{E} is bad for {L}.", "{E} harms {L}.",
              "{E} impairs {G}.", "{E} causes {B}.", "{E} aggravates {B}.",
              "{E} can make {B} worse.", "{E} raises the risk of {B}.",
              "{E} lowers {G}.", "{E} leads to {B}.", "{E} increases {N}.",
              "{E} reduces {G}.", "{E} damages {L}.", "Taking {E} raises {N}.",
              "People who use {E} have worse {G}.", "{E} disturbs {L}.",
              "{E} contributes to {B}.", "{E} is linked to more {N}.",
              "Studies show that {E} worsens {G}.", "{E} may trigger {B}."),
    "nothing": ("{E} does not help with {B}.", "{E} has no effect on {L}.",
                "{E} does nothing for {L}.", "{E} does not improve {G}.",
                "{E} does not relieve {B}.", "{E} makes no difference to {G}.",
                "{E} is useless against {B}.", "{E} does not work for {B}.",
                "{E} does not change {N}.", "{E} is no better than placebo for {B}.",
                "{E} does not affect {N}.", "There is no benefit of {E} for {B}.",
                "Taking {E} does not lower {N}.", "{E} is ineffective for {B}.",
                "Studies show no effect of {E} on {G}.", "{E} fails to ease {B}."),
}  # fmt: skip
AIMS = (
    "We aimed to determine whether {E} improves {M} in adults.",
    "The aim of this study was to assess the effect of {E} on {M}.",
    "{E} is widely used for {B}.",
    "Whether {E} affects {M} is not known.",
    "Adults with {B} were randomly assigned to {E} or {K} for {d} weeks.",
    "{E} has been proposed as a treatment for {B}.",
)
OPEN = (
    "Further trials are needed to learn whether {E} affects {M}.",
    "The effect of {E} on {M} remains to be studied.",
    "The protocol for measuring {M} under {E} is described; results are awaited.",
    "{M} at baseline was similar in those assigned to {E} and to {K}.",
    "No trials of {E} that measured {M} could be found.",
)
TITLES = (
    "Effects of {E} on {L}: a randomised trial", "{E} and {B}: a cohort study",
    "{E} for {B}: systematic review and meta-analysis", "{E} in adults with {B}",
    "A placebo-controlled trial of {E}", "",
)  # fmt: skip
EVENTS = (
    "headache|dizziness|dry mouth|liver injury|seizures|constipation|drowsiness|nausea|"
    "tachycardia|skin rash|dependence|tremor|weight gain|hair loss|vomiting|kidney damage|"
    "hallucinations|palpitations|diarrhoea|sexual dysfunction|bleeding|allergic reactions"
).split("|")
HAPPENED = (
    "The most common adverse events with {E} were {X} and {Y}.",
    "{X} occurred in {n}% of those taking {E} and {d}% of those on {K}.",
    "Several patients developed {X} after taking {E}.",
    "{E} was associated with an increased risk of {X} (odds ratio 2.{d}).",
)
NEVER = (
    "No case of {X} occurred with {E}.",
    "{E} did not increase the risk of {X} (odds ratio 1.0{d}; 95% CI 0.8 to 1.3).",
    "The rate of {X} was the same with {E} and with {K}.",
    "{X} was not more frequent with {E} than with {K}.",
)
CAN = ("{E} can cause {X}.", "{X} is a side effect of {E}.", "{E} may lead to {X}.",
       "Users of {E} report {X}.", "{E} raises the risk of {X}.")  # fmt: skip
CANNOT = ("{E} does not cause {X}.", "{X} is not a side effect of {E}.",
          "{E} does not lead to {X}.", "{E} does not raise the risk of {X}.")  # fmt: skip


class Made(NamedTuple):
    """An invented pair; label S, C or N."""

    claim: str
    title: str
    sents: tuple[str, ...]
    label: str
    rationale: tuple[int, ...]


def make_pairs(
    scenes: Sequence[Sequence[str]], count: int, rng: random.Random
) -> Iterator[Made]:
    """Yield invented pairs set among real sentences of aims and methods.

    Args:
        scenes: sentences of backgrounds and methods of real abstracts, one list each.
    """
    for _ in range(count):
        maker = _event if rng.random() < 0.18 else _effect
        yield maker(rng.choice(scenes), rng)


def _fill(template: str, rng: random.Random, words: dict[str, str]) -> str:
    text = template.format(
        **words, d=rng.randint(1, 9), n=rng.randint(12, 89), a=rng.randint(2, 9),
        b=rng.randint(10, 40),
    )  # fmt: skip
    return text[:1].upper() + text[1:]


def _words(exposure: str, domain: Domain, rng: random.Random) -> dict[str, str]:
    return {
        "E": exposure, "K": rng.choice(CONTROL), "L": rng.choice(domain.lay),
        "B": rng.choice(domain.bad_lay), "G": rng.choice(domain.good),
        "N": rng.choice(domain.bad), "M": rng.choice(domain.good + domain.bad),
    }  # fmt: skip


def _result(
    kind: str, words: dict[str, str], domain: Domain, rng: random.Random
) -> list[str]:
    """Return one or two result sentences that together show one kind of effect."""
    found = []
    for _ in range(rng.choice((1, 1, 2))):
        good = rng.random() < 0.45
        measure = rng.choice(domain.good if good else domain.bad)
        ways = SAME if kind == "nothing" else UP if good == (kind == "helps") else DOWN
        if kind != "nothing" and rng.random() < 0.12:
            ways = ENDS[kind]
        found.append(_fill(rng.choice(ways), rng, {**words, "M": measure}))
    if rng.random() < 0.4:
        found.append(_fill(rng.choice(ENDS[kind]), rng, words))
    return found


def _effect(scene: Sequence[str], rng: random.Random) -> Made:
    domain, other = rng.sample(DOMAINS, 2)
    one, two = _name(rng), _name(rng)
    while two == one:
        two = _name(rng)
    words = _words(one, domain, rng)
    claimed = rng.choice(tuple(CLAIMS))
    label = rng.choices("SCN", (0.36, 0.38, 0.26))[0]
    claim = _fill(rng.choice(CLAIMS[claimed]), rng, words)
    aside = _fill(rng.choice(AIMS), rng, words)
    kinds = list(CLAIMS)
    if label == "N":
        way = rng.randrange(3)
        if way == 0:  # another exposure did it
            told = _result(rng.choice(kinds), {**words, "E": two}, domain, rng)
        elif way == 1:  # something else was measured
            told = _result(rng.choice(kinds), _words(one, other, rng), other, rng)
        else:
            told = [_fill(rng.choice(OPEN), rng, words)]
        return _place(claim, words, scene, [aside], told, "N", rng)
    kind = claimed if label == "S" else rng.choice([k for k in kinds if k != claimed])
    told = _result(kind, words, domain, rng)
    beside = [aside] if rng.random() < 0.6 else []
    return _place(claim, words, scene, beside, told, label, rng)


def _event(scene: Sequence[str], rng: random.Random) -> Made:
    x, y, z = rng.sample(EVENTS, 3)
    one, two = _name(rng), _name(rng)
    words = {**_words(one, rng.choice(DOMAINS), rng), "X": x, "Y": y}
    denied = rng.random() < 0.5
    label = rng.choices("SCN", (0.36, 0.36, 0.28))[0]
    claim = _fill(rng.choice(CANNOT if denied else CAN), rng, words)
    happened = denied == (label == "C")
    shown = words
    if label == "N":
        happened = rng.random() < 0.5
        shown = {**words, "X": z, "Y": y} if rng.random() < 0.5 else {**words, "E": two}
    told = [_fill(rng.choice(HAPPENED if happened else NEVER), rng, shown)]
    return _place(claim, words, scene, [], told, label, rng)


def _place(claim, words, scene, beside, told, label, rng):  # type: ignore[no-untyped-def]
    """Return the pair, its sentences set after a few real ones."""
    before = [*scene[: rng.choice((0, 1, 2, 4))], *beside]
    sents = (*before, *told)
    where = tuple(range(len(before), len(sents))) if label != "N" else ()
    title = (
        _fill(rng.choice(TITLES), rng, words)
        if label != "N" or rng.random() < 0.5
        else ""
    )
    return Made(claim, title, sents, label, where)
