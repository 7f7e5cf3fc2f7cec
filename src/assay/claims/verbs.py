"""English verbs of health prose and their forms: what can be the verb of a clause.

Written by hand for this project. A verb that is not here opens no clause, so the lists
are wide; the forms that are as often nouns or adjectives are kept apart, and count
only where the words around them leave no doubt.
"""

import re

CLEAR = """
    ablate abrogate absorb accelerate accept accompany accomplish accrue accumulate
    achieve acquire activate adapt add adhere adjust administer admit adopt afflict
    aggravate aggregate alert allay alleviate allow alter ameliorate amplify
    announce antagonise antagonize appear apply appreciate approve arise arrive ask
    assess assist assuage assume attach attain attenuate attract attribute augment
    avoid banish bathe become befall begin behave believe belong bind bleed bolster
    breathe bring broaden build burden burn calculate carry catalyse catalyze
    categorise categorize cease chew choose circulate circumvent cite clarify
    classify cleanse cleave cling clog cloud co-occur coincide collect colonise
    colonize combat combine come commence compare compensate compete complain
    complete comply comprise compromise conclude confer confirm confuse congest
    connect consider consist constitute consume contain continue contradict
    contribute convert convince cope correct correlate counteract counterbalance
    crave credit cripple curtail damp dampen debilitate decide deepen defend define
    deflate degrade dehydrate deliver demolish demonstrate deny depend deplete
    deprive derive descend describe deserve destabilise destabilize destroy detect
    deter deteriorate determine detoxify develop devour diagnose die differ
    differentiate digest dilate diminish disable disagree disappear disarm
    discourage discover disguise dislodge dispel disrupt dissociate dissolve
    distinguish distribute disturb divide dominate donate downregulate dwindle earn
    eat ebb elevate elicit eliminate emerge emit emphasise emphasize employ enable
    encode encourage endanger endorse engage engender engraft enhance enjoy enlarge
    enrich ensure entail enter equip eradicate erode escape establish evaluate
    evaporate evoke evolve exacerbate exaggerate examine exceed excel excite exclude
    excrete exert exist expand expect expel explain explode exploit expose express
    extend extinguish facilitate fade fail fall fend fetch fill find finish flatten
    flourish flow fluctuate follow forbid forestall forget fortify foster freshen
    fulfil fulfill fuse gather generate get give go govern grow halve hamper hang
    happen harden hasten heal heighten hide hinder hospitalise hospitalize hurt
    hydrate hydrolyze identify ignite ignore imitate immunise immunize impair impede
    imply impose improve incapacitate incline include incorporate incur indicate
    induce infect infiltrate inflame inform infuse inhale inherit inhibit initiate
    inject injure inoculate insist inspire insulate integrate intensify interact
    interfere interpret interrupt inundate invade invest investigate invigorate
    invite involve irritate isolate jeopardise jeopardize join jumpstart keep kill
    know learn lengthen lessen let liberate lighten linger localise localize locate
    loosen lose lubricate lull maintain make manage manifest manufacture materialise
    maximise maximize mean mediate melt mention merge metabolise metabolize
    metastasize methylate migrate mimic minimise minimize mistake mitigate modify
    modulate moisturise moisturize motivate multiply mutate necessitate neutralise
    neutralize normalise normalize nourish nullify nurture obey obliterate obscure
    observe obstruct obtain occupy occur offend offer offload omit ooze operate
    oppose optimise optimize originate outcompete outgrow outlast outlaw outperform
    outweigh overcome overdo overestimate overload overlook overstate overwhelm owe
    oxidise oxidize pacify participate penetrate perceive perform perk persist
    persuade pertain pester phosphorylate pinch pinpoint plummet pollute possess
    postpone potentiate precede precipitate preclude predict predispose prefer
    prepare prescribe preserve prevail prevent prick proceed proclaim procure
    prohibit proliferate prolong promote propel propose protect prove provide
    provoke publish purify pursue quell quench quieten quit raise ravage reach react
    realise realize reassure rebuild recall receive reclaim recognise recognize
    recommend reconnect recover recruit recycle redden reduce refer refine reflect
    refresh refuse regain regenerate regress regulate rehydrate reignite reimburse
    reinforce reject rejuvenate relate relax relieve rely remain remind remodel
    remove render repair repeat repel replace replenish replicate repress require
    resemble reside resist resolve respond restore restrain restrict resume
    resurface retain retard retrain retreat rev reveal reverse revert revitalise
    revitalize revive ripen rob rouse satiate satisfy saturate say scavenge scramble
    secrete sedate see seek seem seep sell send sensitise sensitize serve settle
    sharpen shatter shed shorten shrink sicken simplify skyrocket slash soar soften
    solidify solve soothe span specify spoil stabilise stabilize starve stay stiffen
    stifle stimulate strengthen strive submit succeed succumb suffer suffice suggest
    suppress surpass surround survive sustain swallow swap swear synthesise
    synthesize tackle take tame tamper taper tell tempt tend terminate thaw thicken
    think threaten thrive throw thwart tighten tilt tolerate topple toughen
    transcribe transform translate transmit treble turn unclog undergo underlie
    undermine understand undo unite unleash unlock unwind uphold uplift upregulate
    utilise utilize vaccinate vanish vaporise vaporize vary veer verify vibrate
    vindicate vouch wane want ward warn weaken wear weigh whiten widen withdraw
    wither withstand worsen wreck write zap
""".split()
"""Verbs whose forms are seldom anything else."""
NOUNLIKE = """
    act age aid aim alarm amount appeal average back balance ban base battle benefit
    blame block bloom boost bother break bump bypass call cap capture care cast
    catch cater cause change channel charge chart check claim climb close coat
    collapse comb comfort complement compound concern conduct conflict construct
    contract cost count counter cover crash cross curb cure cut damage date deal
    decay decline decrease delay demand deposit dip distress dive dose double drag
    drain draw dream drift drink drive drop drug ease edge encounter end equal
    estimate exercise exhibit experience extract face fare fast fatigue favor favour
    feature feed feel fight filter fire fit flag flare float flood flush fog force
    form fuel function fund gain gas gauge glow grasp grind grip group guarantee
    guard guide halt hand harbor harbour harm harvest head help hit hold hook hope
    host house hunt impact import impulse inch increase influence interest itch jump
    kick knock label lack land last latch lead leak leave level lift light like
    limit link list live load lock lodge log look love map march mark market mask
    match matter measure mess milk mind mirror miss mix monitor move name need
    neglect nod note nudge number object offset order overlap own pace pack pad pain
    part pass pay peak permit pick pin place plague plan plant play plug point
    poison polish pose post power practice practise praise present press price prime
    process produce profile profit progress promise prompt protest pull pump purge
    push puzzle quarrel question race range rank rate ration read reason record
    regard release remedy report request rescue research reset rest result return
    review reward rid ride ring rinse rise risk rival roll round rub ruin rule run
    rush sample save scale scar scare score scratch screen seal search set shape
    share shave shield shift shock shoot show side sign signal silence sink sit skin
    sleep slide slip smell smoke snack sneeze snore soak sort sound source spare
    spark speed spend spike split spot spray spread spring spur squeeze stack stage
    stain stall stamp stand star start state stave stem step stick stink stir stock
    stop store storm strain stress stretch strike strip struggle study sugar suit
    supplement supply support surge surprise suspect sweat sweep swell swing switch
    talk tan target taste tax team tear test thrust tie time tip tone top touch
    trace track trade trail train transfer transition transport trap travel treat
    trial trick trigger trim triple trust try update urge use value view visit vomit
    wait wake walk warrant wash waste watch water wave wean weather weight win wipe
    wish witness wonder word work worry wound wrap wrinkle yawn yield
""".split()
"""Verbs whose base and -s forms are as often nouns: they want a subject before them."""
ADJECTIVAL = """
    better blunt calm clean clear cool dry dull free idle lower mature moderate numb
    open perfect plump quiet separate slim slow smooth steady thin upset warm
""".split()
"""Verbs whose base is as often an adjective; their -s form is a verb."""

IRREGULAR = {
    "arise": "arises arose arisen arising",
    "become": "becomes became becoming",
    "begin": "begins began begun beginning",
    "bend": "bends bent bending",
    "bind": "binds bound binding",
    "bleed": "bleeds bled bleeding",
    "break": "breaks broke broken breaking",
    "bring": "brings brought bringing",
    "build": "builds built building",
    "buy": "buys bought buying",
    "cast": "casts casting",
    "catch": "catches caught catching",
    "choose": "chooses chose chosen choosing",
    "cling": "clings clung clinging",
    "come": "comes came coming",
    "cost": "costs costing",
    "cut": "cuts cutting",
    "deal": "deals dealt dealing",
    "draw": "draws drew drawn drawing",
    "drink": "drinks drank drunk drinking",
    "drive": "drives drove driven driving",
    "eat": "eats ate eaten eating",
    "fall": "falls fell fallen falling",
    "feed": "feeds fed feeding",
    "feel": "feels felt feeling",
    "fight": "fights fought fighting",
    "find": "finds found finding",
    "forbid": "forbids forbade forbidden forbidding",
    "forget": "forgets forgot forgotten forgetting",
    "get": "gets got gotten getting",
    "give": "gives gave given giving",
    "go": "goes went gone going",
    "grind": "grinds ground grinding",
    "grow": "grows grew grown growing",
    "hang": "hangs hung hanging",
    "hear": "hears heard hearing",
    "hide": "hides hid hidden hiding",
    "hit": "hits hitting",
    "hold": "holds held holding",
    "hurt": "hurts hurting",
    "keep": "keeps kept keeping",
    "know": "knows knew known knowing",
    "lay": "lays laid laying",
    "lead": "leads led leading",
    "leave": "leaves left leaving",
    "let": "lets letting",
    "light": "lights lit lighting",
    "lose": "loses lost losing",
    "make": "makes made making",
    "mean": "means meant meaning",
    "meet": "meets met meeting",
    "overcome": "overcomes overcame overcoming",
    "overdo": "overdoes overdid overdone overdoing",
    "pay": "pays paid paying",
    "put": "puts putting",
    "quit": "quits quitting",
    "read": "reads reading",
    "rid": "rids ridding",
    "ride": "rides rode ridden riding",
    "ring": "rings rang rung ringing",
    "rise": "rises rose risen rising",
    "run": "runs ran running",
    "say": "says said saying",
    "see": "sees saw seen seeing",
    "seek": "seeks sought seeking",
    "sell": "sells sold selling",
    "send": "sends sent sending",
    "set": "sets setting",
    "shed": "sheds shedding",
    "shoot": "shoots shot shooting",
    "show": "shows showed shown showing",
    "shrink": "shrinks shrank shrunk shrinking",
    "shut": "shuts shutting",
    "sink": "sinks sank sunk sinking",
    "sit": "sits sat sitting",
    "sleep": "sleeps slept sleeping",
    "slide": "slides slid sliding",
    "speak": "speaks spoke spoken speaking",
    "speed": "speeds sped speeding",
    "spend": "spends spent spending",
    "split": "splits splitting",
    "spread": "spreads spreading",
    "spring": "springs sprang sprung springing",
    "stand": "stands stood standing",
    "stick": "sticks stuck sticking",
    "stink": "stinks stank stunk stinking",
    "strike": "strikes struck striking",
    "strive": "strives strove striven striving",
    "swear": "swears swore sworn swearing",
    "sweep": "sweeps swept sweeping",
    "swell": "swells swelled swollen swelling",
    "swing": "swings swung swinging",
    "take": "takes took taken taking",
    "tear": "tears tore torn tearing",
    "tell": "tells told telling",
    "think": "thinks thought thinking",
    "throw": "throws threw thrown throwing",
    "undergo": "undergoes underwent undergone undergoing",
    "underlie": "underlies underlay underlain underlying",
    "understand": "understands understood understanding",
    "undo": "undoes undid undone undoing",
    "upset": "upsets upsetting",
    "uphold": "upholds upheld upholding",
    "wake": "wakes woke woken waking",
    "wear": "wears wore worn wearing",
    "win": "wins won winning",
    "withdraw": "withdraws withdrew withdrawn withdrawing",
    "withstand": "withstands withstood withstanding",
    "write": "writes wrote written writing",
    "die": "dies died dying",
    "lie": "lies lay lain lying",
    "tie": "ties tied tying",
    "underwhelm": "underwhelms underwhelmed underwhelming",
}
"""Forms of irregular verbs after the base, the -ing form last."""
PARTICIPLES = frozenset(
    """
    arisen begun bled bound broken brought built caught chosen drawn driven drunk eaten
    fallen fed felt forbidden forgotten given gone gotten ground grown hidden known
    lain laid made meant put read ridden risen rung seen sent shown shrunk sold spent
    spoken sprung stuck sunk sworn swollen taken told torn thrown undergone understood
    undone woken won worn withdrawn written found held kept led left lost met paid set
    thought
    """.split()
)
"""Irregular forms that may be mere participles: "the dose taken", "foods made of"."""
ONLY_PARTICIPLES = frozenset(
    """
    arisen begun broken chosen drawn driven drunk eaten fallen forbidden forgotten given
    gone gotten grown hidden known lain ridden risen rung seen shown shrunk spoken
    sprung sunk sworn swollen taken torn thrown undergone undone woken worn withdrawn
    written
    """.split()
)
"""Irregular forms that are never the verb of a clause without an auxiliary."""
_DOUBLING = re.compile(r"[^aeiou]*[aeiou][bdgklmnprt]$")
_DOUBLED = frozenset("admit commit compel confer deter equip infer occur omit permit "
                     "prefer propel rebel refer regret repel submit transfer transmit "
                     "unclog outfit".split())  # fmt: skip


def inflect(verb: str) -> tuple[str, ...]:
    """Return the forms of a verb: base, -s, past (and participle), -ing.

    >>> inflect("relieve")
    ('relieve', 'relieves', 'relieved', 'relieving')
    >>> inflect("cut"), inflect("worry")[1], inflect("stop")[2]
    (('cut', 'cuts', 'cutting'), 'worries', 'stopped')
    """
    if verb in IRREGULAR:
        return (verb, *IRREGULAR[verb].split())
    if verb.endswith("ee"):
        return (verb, f"{verb}s", f"{verb}d", f"{verb}ing")
    if verb.endswith("e"):
        return (verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing")
    if re.search(r"[^aeiou]y$", verb):
        return (verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing")
    twice = _DOUBLING.fullmatch(verb) or verb in _DOUBLED
    stem = f"{verb}{verb[-1]}" if twice else verb
    plural = f"{verb}es" if re.search(r"(?:s|x|z|ch|sh|go)$", verb) else f"{verb}s"
    return (verb, plural, f"{stem}ed", f"{stem}ing")
