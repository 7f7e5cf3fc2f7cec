"""English verbs of health prose and their forms: what can be the verb of a clause.

Written by hand for this project. A verb that is not here opens no clause, so the lists
are wide; the forms that are as often nouns or adjectives are kept apart, and count
only where the words around them leave no doubt.
"""

import re

CLEAR = """
    abandon ablate abrogate absorb accelerate accept accompany accomplish accrue
    accumulate achieve acquire activate adapt add adhere adjust administer admit
    adopt adorn afflict aggravate aggregate alert allay alleviate allow alter
    ameliorate amplify announce antagonise antagonize appear apply appreciate
    approve arise arrive ask assess assist assuage assume attach attain attenuate
    attract attribute augment avoid backfire banish bathe beat become befall
    befuddle begin behave believe belittle belong bend bind bleed blow bolster
    breathe bring broaden build bungle burden burn calculate carry catalyse catalyze
    categorise categorize cease chew choose chop chug churn circulate circumvent
    cite clamp clarify classify cleanse cleave clench cling clog cloud co-occur
    coagulate cocoon coincide collect colonise colonize combat combine come commence
    compare compensate compete complain complete comply comprise compromise conclude
    confer confirm confound confuse congest conk connect conquer consider consist
    consolidate constitute constrain consume contain contaminate continue contradict
    contribute convert convince cope correct correlate corrode counteract
    counterbalance cram crave credit cripple crumble curtail damp dampen dawdle
    deactivate deaden debilitate decide decimate decompress deepen defend define
    deflate deflect defy degrade dehydrate deliver delude demolish demonstrate
    demystify deny depend deplete deprive derive descend describe deserve
    destabilise destabilize destroy detect deter deteriorate determine detoxify
    develop devour diagnose dictate die differ differentiate digest dilate diminish
    disable disagree disappear disarm discourage discover disguise disintegrate
    dislodge dispel displace disrupt dissociate dissolve distinguish distribute
    disturb divide dodge dominate donate downregulate drown dwindle earn eat ebb
    electrify elevate elicit eliminate embody emerge emit emphasise emphasize employ
    empower enable encode encourage endanger endorse enfeeble engage engender
    engraft engulf enhance enjoy enlarge enrich ensure entail enter entice equip
    eradicate erase erode escape establish evade evaluate evaporate evoke evolve
    exacerbate exaggerate examine exceed excel excite exclude excrete exert
    exfoliate exhaust exist expand expect expel expire explain explode exploit
    expose express extend extinguish facilitate fade fail fall falter fend fetch
    fill find finish flatten flatter flourish flow fluctuate follow forbid forestall
    forget forgo fortify foster freshen fret frighten fulfil fulfill fuse gather
    generate germinate get give glide go govern grow halve hamper hang happen harass
    harden hasten heal hear heighten hide hijack hinder hospitalise hospitalize hurt
    hydrate hydrolyse hydrolyze identify ignite ignore imitate immunise immunize
    impair impede imply impose improve inactivate incapacitate incline include
    incorporate incur indicate induce infect infiltrate inflame inflate inform
    infuse inhabit inhale inherit inhibit initiate inject injure inoculate insist
    inspect inspire instigate insulate integrate intensify interact interfere
    interpret interrupt intoxicate intrude inundate invade invest investigate
    invigorate invite involve irritate isolate jeopardise jeopardize join jolt
    jumpstart keep kill know lay laze learn lengthen lessen let liberate lie lighten
    linger liquefy localise localize locate loosen lose lubricate lull lurk magnify
    maintain make manage manifest manufacture mar marshal materialise maximise
    maximize mean mediate meet melt mention merge mesmerise metabolise metabolize
    metastasize methylate migrate mimic minimise minimize mistake mitigate mobilise
    mobilize modernise modify modulate moisturise moisturize motivate muddle
    multiply mutate nab nag necessitate neutralise neutralize nibble normalise
    normalize nourish nullify nurture obey obliterate obscure observe obstruct
    obtain occupy occur offend offer offload omit ooze operate oppose oppress
    optimise optimize originate ossify oust outcompete outgrow outgun outlast outlaw
    outlive outnumber outperform outrun outshine outstrip outweigh overcome
    overcorrect overdo overeat overestimate overheat overload overlook overrate
    override overshoot overstate overtake overturn overuse overwhelm owe oxidise
    oxidize pacify paralyse paralyze participate penetrate perceive perform perk
    persevere persist perspire persuade pertain pester petrify phosphorylate pinch
    pinpoint placate pluck plummet pollute possess postpone potentiate pounce
    precede precipitate preclude predict predispose prefer prepare prescribe
    preserve prevail prevent prick prickle proceed proclaim procure prohibit proliferate
    prolong promote propel propose protect prove provide provoke publish purify
    pursue put quadruple quell quench quicken quieten quit raise ramp ravage reach
    react readjust realise realize reassure rebalance rebuild recall receive
    recharge reclaim recognise recognize recommend reconnect reconsider recoup
    recover recruit recycle redden redistribute reduce refer refill refine reflect
    refresh refuse regain regenerate regress regrow regulate rehydrate reignite
    reimburse reinfect reinforce reject rejuvenate rekindle relate relax relearn
    relieve relive rely remain remind remodel remove render reopen repair repeat
    repel replace replay replenish replicate reposition repress reprogram require
    resemble reshape reside resist resolve respond restore restrain restrict resume
    resurface resuscitate retain retaliate retard retrain retreat retrigger reuse
    rev revamp reveal reverse revert revisit revitalise revitalize revive rewire
    ripen rob rouse satiate satisfy saturate say scald scavenge scramble scupper
    sear secrete sedate seduce see seek seem seep sell send sensitise sensitize
    serve settle sharpen shatter shed shiver shorten shrink shrivel shrug shut
    sicken simplify simulate skew skyrocket slacken slash slurp smother snatch sneak
    soar soften solidify solve soothe span speak specify spoil sprout squash squirt
    stabilise stabilize starve stash stay steal stiffen stifle stimulate stoke
    straighten strengthen strive stun submit subside succeed succumb suck suffer
    suffice suggest supercharge supersede suppress surpass surrender surround
    survive sustain swallow swamp swap sway swear swipe synthesise synthesize tackle
    take tame tamp tamper taper tell tempt tend terminate thaw thicken think thrash
    threaten thrive throb throw thwart tickle tighten tilt tolerate topple torment
    toughen traipse transcribe transform translate transmit treble tumble turn
    unbalance unblock unclog underestimate undergo underlie undermine underperform
    understand undo unite unleash unlock unsettle unwind upend uphold uplift
    upregulate uproot utilise utilize vacate vaccinate validate vanish vaporise
    vaporize vary veer ventilate verge verify vibrate vie vindicate vouch waft waken
    wane want ward warn warp weaken wear weave weed weigh whack wheeze whiten
    whittle widen wilt withdraw wither withhold withstand wobble worsen wow wreck
    wrestle write yank zap zoom
""".split()
"""Verbs whose forms are seldom anything else."""
NOUNLIKE = """
    act age aid aim alarm amount appeal average back balance ban base battle benefit
    bite blame blast bleach block bloom boil bolt boost bother break breed bruise
    brush bubble budge bump burst butter buy bypass call cap capture care cast catch
    cater cause change channel charge chart check chill claim climb close clot club
    coat collapse comb comfort complement compound concern conduct conflict
    construct contract cook cost count counter cover crack crash creep cross crowd
    crush curb cure cut damage date deal decay decline decrease delay demand dent
    deposit detox dip distress dive dose double drag drain draw dread dream drift
    drink drip drive drop drug dump ease edge elbow encounter end equal estimate
    exercise exhibit experience extract face faint fare fast fatigue favor favour
    feature feed feel fight filter fire fit fix flag flare flip float flood flop
    flush fog fold force form fracture freeze fuel function fund gain gamble gas
    gauge glow glue gnaw grant grasp grind grip group guarantee guard guide gulp
    halt hammer hand harbor harbour harm harvest head heat help hit hold hook hope
    host house hunt hurdle hype impact import impulse inch increase influence
    interest itch juggle jump kick knock knot label lack land lash last latch lead
    leak leap leave level lick lift light like limit link list live load lock lodge
    log look loop love map march mark market mask massage match matter measure mess
    milk mind mirror miss mix monitor mould move name nap need neglect nick nip nod
    note nudge number object offset order overdose overlap own pace pack pad pain
    park part pass pay peak peck peel permit pick pin pipe place plague plan plant
    plateau play plug plunge point poison poke polish pop pore pose post pound pour
    power practice practise praise present press price prime process produce profile
    profit progress promise prompt prop protest puff pull pump punch purge push
    puzzle quarrel question quiz race range rank rate ration rattle read reap reason
    rebound record regard relapse release remedy report request rescue research
    reset resort rest result return review reward rid ride ring rinse ripple rise
    risk rival roll root round rub ruin rule run rupture rush rust sample sap save
    scale scar scare scoop score scrape scratch screen scrub sculpt seal search
    secure set shake shape share shave shell shield shift shock shoot shout show
    shower side sign signal silence sink sip sit skin skip slam slap sleep slide
    slip slug smell smoke snack snap sneeze snip snore soak sort sound source spare
    spark speed spend spike spit splash split spot spray spread spring sprinkle spur
    squat squeeze stab stack stage stain stall stamp stand star stare start state
    stave steam steer stem step stick sting stink stir stock stop store storm strain
    strand strap stress stretch strike strip stroke struggle study stumble sugar
    suit supplement supply support surge surprise suspect swarm sweat sweep swell
    swing swirl switch talk tan tap target taste tax team tear tease test thrill
    thrust tick tie time tip tire toll tone top toss touch trace track trade trail
    train trample transfer transition transplant transport trap travel treat trial
    trick trickle trigger trim triple trust try tuck tug tweak twist update urge use
    value vault view visit vomit wag wait wake walk wander warrant wash waste watch
    water wave wean weather weight whip whisper whistle win wince wipe wish witness
    wonder word work worry wound wrap wriggle wrinkle yawn yield
""".split()
"""Verbs whose base and -s forms are as often nouns: they want a subject before them."""
ADJECTIVAL = """
    better blunt calm clean clear cool dry dull free idle lower mature moderate numb
    open perfect plump quiet separate slim slow smooth steady thin upset warm
""".split()
"""Verbs whose base is as often an adjective; their -s form is a verb."""

IRREGULAR = {
    "beat": "beats beaten beating",
    "bite": "bites bit bitten biting",
    "blow": "blows blew blown blowing",
    "breed": "breeds bred breeding",
    "burst": "bursts bursting",
    "creep": "creeps crept creeping",
    "freeze": "freezes froze frozen freezing",
    "regrow": "regrows regrew regrown regrowing",
    "shake": "shakes shook shaken shaking",
    "steal": "steals stole stolen stealing",
    "sting": "stings stung stinging",
    "weave": "weaves wove woven weaving",
    "forgo": "forgoes forwent forgone forgoing",
    "overeat": "overeats overate overeaten overeating",
    "override": "overrides overrode overridden overriding",
    "overtake": "overtakes overtook overtaken overtaking",
    "outrun": "outruns outran outrunning",
    "reset": "resets resetting",
    "overshoot": "overshoots overshot overshooting",
    "spit": "spits spat spitting",
    "outgrow": "outgrows outgrew outgrown outgrowing",
    "withhold": "withholds withheld withholding",
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
    thought beaten bitten blown frozen shaken stolen regrown woven bred stung
    """.split()
)
"""Irregular forms that may be mere participles: "the dose taken", "foods made of"."""
ONLY_PARTICIPLES = frozenset(
    """
    arisen begun broken chosen drawn driven drunk eaten fallen forbidden forgotten given
    gone gotten grown hidden known lain ridden risen rung seen shown shrunk spoken
    sprung sunk sworn swollen taken torn thrown undergone undone woken worn withdrawn
    written beaten bitten blown frozen shaken stolen regrown woven
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
