"""Closed lists of wordings that tell what kind of assertion a clause makes."""

import re

ADVICE = re.compile(
    r"\b(?:(?<!than you )(?<!than they )should|must|ought to|need to|needs to|has to|"
    r"have to|(?:crucial|"
    r"essential)(?! (?:for|in)\b)|"
    r"may reasonably|advisable|prudent|"
    r"it(?:'s|’s| is)(?: \w+){0,2} important to|wise to|best to|recommended (?:to|"
    r"that)|"
    r"(?:is|are) recommended(?! by)|recommended over|be cautious|be mindful|"
    r"requires? careful|approach its use|it(?:'s|’s| is) best)\b"
    r"|^(?:always |never |please )?(?:consult|talk|speak|ask|avoid|start|take|try|"
    r"choose|use|keep|make sure|be sure|consider|remember|drink|eat|see|check|stop|"
    r"limit|seek|aim|look for|opt for|stick to|don't|do not)\b(?! of\b)",
    re.IGNORECASE,
)
META = re.compile(
    r"\b(?:this (?:article|post|guide|blog|page|approach|section)|we (?:do not |don't "
    r")?(?:explore|"
    r"provide|discuss|look|will|cover|examine|hope|recommend)|let's|let us|read on|"
    r"click|subscribe|in this article|sign up|disclaimer|best practices|understanding "
    r"the|(?:medical|health) advice|these statements|(?:not )?intended to diagnose|"
    r"(?:is|was) (?:only |just )?an? (?:\w+ )?(?:study|trial)$|it mixes|"
    r"mixes statements|was written|this (?:leaflet|newsletter|column|issue|"
    r"list|review|story|"
    r"website|site|week|month)|read (?:next|more)|(?:not|never) (?:a )?(?:replace|"
    r"substitute)(?: for)? the (?:conversation|advice)|substitute for|from me\b|"
    r"(?:the|our) editor|your (?:questions|comments|order|cart|basket|inbox)|"
    r"letters may|"
    r"in the comments|free shipping|money[- ]back|third[- ]party tested|gmp|"
    r"add to (?:cart|basket)|off your (?:first )?order|per cent off (?:your|all|every|"
    r"when)|buy (?:now|one)|"
    r"tells? you (?:what|how|why|when)|our (?:nurse|doctor|expert|team|"
    r"columnist|reporter|correspondent|capsules?|tablets?|formula)|"
    r"not so fast|\basks? (?:me |us )?(?:if|whether|how|why|what|about)|"
    r"^(?:words|text|photos?|written|reported) by|"
    r"^(?:leaflet|page|article) (?:last )?reviewed|"
    r"you(?:['’]ll| will| may) (?:find|meet|see|notice|love|need|want)|"
    r"here(?:['’]s| is) (?:what|how|why|the)|my desk|all rights reserved|"
    r"posted (?:by|in)|last updated|conflicts? of interest|commission)\b"
    r"|[$£€] ?\d|\beach (?:capsule|tablet|gummy|serving|bottle|sachet) (?:contains|"
    r"supplies|provides|delivers|has)\b"
    r"|^(?:half|participants|volunteers|subjects|the (?:researchers|team|authors|study|"
    r"trial|participants|scientists|investigators)|(?:\w+ ){0,2}researchers|"
    r"(?:\w+ ){0,2}scientists)\b(?! who\b).*?\b(?:(?:were|was) (?:given|assigned|asked|"
    r"randomly)|received|followed|recruited|enrolled|tested|looked at|analy[sz]ed|gave|"
    r"pooled|asked|split|divided|combined|measured|tracked|surveyed|interviewed|"
    r"studied|examined|persuaded|invited|fed|randomi[sz]ed|monitored|scanned|"
    r"trained|enlisted|created|developed|compared|reviewed)\b"
    r"|\b(?:highlights?|underscores?|emphasi[sz]e[sd]?|stress(?:es|"
    r"ed)?) the (?:importance|need)|"
    r"\b(?:plans?|hopes?|aims?|aiming|hoping) to (?:present|publish|raise|continue|"
    r"expand)|"
    r"\byou (?:may|might) know\b",
    re.IGNORECASE,
)
FIRST_LINE = re.compile(
    r"\bfirst[- ]line\b|\bfirst line of (?:defen[cs]e|treatment)|\btreatment of choice|"
    r"\bfirst choice\b|\bfirst treatment\b|\bgold standard\b|\binitial treatment\b|"
    r"\bprioriti[sz]ed\b|\brecommended (?:first|treatment)\b",
    re.IGNORECASE,
)
PRECAUTION = re.compile(
    r"\bother (?:medication|medicine|drug|supplement)s?\b|\bmedications?\b|"
    r"\bmedicines?\b|\bprescription|\bblood thinner|\bhealth conditions?\b",
    re.IGNORECASE,
)
RESEARCH = (
    r"(?:research|stud(?:y|ies)|evidence|trials?|data|science|literature|"
    r"investigations?)"
)
STATE_WEAK = re.compile(
    rf"\b{RESEARCH}\b.{{0,90}}?\b(?:limited|lacking|scarce|sparse|insufficient|needed|"
    rf"inconclusive|weak|required|scant|in its infancy|evolving|preliminary|mixed|"
    rf"unclear|not (?:yet )?(?:clear|conclusive|enough)|missing|few|warranted)\b"
    rf"|\b(?:little|limited|insufficient|no|more|further|scant|few|not enough|lack of|"
    rf"only a few|additional)\s+(?:\w+\s+){{0,2}}?{RESEARCH}\b"
    rf"|\bhas not been (?:well |fully |adequately )?(?:studied|proven|established)\b"
    rf"|\bnot (?:yet )?(?:well |fully )?(?:understood|established|proven)\b"
    rf"|\b(?:unclear|not (?:yet )?(?:clear|known)|uncertain|unknown) (?:whether|if|"
    rf"how)\b"
    r"|\bjury is (?:still )?out\b"
    r"|^whether\b.*\b(?:remains?|is|are) (?:\w+ )?(?:unclear|uncertain|unknown|debated|"
    r"not (?:yet )?(?:clear|known))",
    re.IGNORECASE,
)
STATE_STRONG = re.compile(
    rf"\b{RESEARCH}\b.{{0,120}}?\b(?:compelling|strong|robust|conclusive|extensive|"
    rf"overwhelming|solid|well[- ]established)\b"
    rf"|\b(?:clinically|scientifically) proven\b(?! to\b)|\bproven by {RESEARCH}\b",
    re.IGNORECASE,
)
ONGOING = re.compile(
    rf"\bongoing {RESEARCH}\b|\b{RESEARCH} (?:is|are) (?:examining|exploring|under "
    rf"?way)",
    re.IGNORECASE,
)
REGULATORY = re.compile(
    r"\b(?:regulated|unregulated|approved|fda[- ]approved|legal|illegal|"
    r"banned|bans?|prohibited|outlawed|scheduled|schedule i|controlled substance|"
    r"classified as|recalled|authori[sz]ed|licen[sc]ed|over[- ]the[- ]counter)\b",
    re.IGNORECASE,
)
AGENCY_ACT = re.compile(
    r"\b(?:warn|warned|warns|warning|warnings|flagged|issued|advis|announc|approv|ban|"
    r"recall|regulat|classif|recommend|consider)",
    re.IGNORECASE,
)
DOSE = re.compile(
    r"(?<![\w.])(\d+(?:[.,]\d+)?)\s*(?:(?:to|-|–|and)\s*(\d+(?:[.,]\d+)?)\s*)?"
    r"(mg|milligrams?|g|grams?|mcg|µg|μg|micrograms?|iu|ml|drops|cups?)\b(?!/)",
    re.IGNORECASE,
)
DOSING = re.compile(
    r"\b(?:doses?|dosages?|dosing|take|taking|taken|a day|per day|daily|each day|"
    r"recommend\w*|typical\w*|usual\w*|up to|at bedtime)\b",
    re.IGNORECASE,
)
VARIES = re.compile(
    r"\b(?:var(?:y|ies|ied|iable|iation)|inconsistent|unpredictable|differs? (?:widely|"
    r"from|significantly|greatly)|ranges? widely)\b",
    re.IGNORECASE,
)
LOCATED = re.compile(
    r"\b(?:native to|indigenous to|grows? (?:in|natively)|grown in|endemic to|"
    r"originat\w+ (?:in|from)|comes? from|hails from|found in|native)\b",
    re.IGNORECASE,
)
ACTS = re.compile(
    r"\b(?:acts?|acting|binds?|binding|bound|interacts?|engages?|affinity|agonists?|"
    r"antagonists?|activates?|activity|stimulates?|blocks?|influences?|modulates?|"
    r"targets?|affects?|regulates?|mimics?|mimicking|works? (?:on|by|through)|"
    r"inhibits?|"
    r"binders?)\b",
    re.IGNORECASE,
)
CONTAINS = re.compile(
    r"\b(?:contains?|containing|to hold|rich in|source of|made (?:up )?of|consists? of|"
    r"(?:active|main|primary|key|major) (?:\w+ )?(?:compounds?|alkaloids?|ingredients?|"
    r"constituents?|components?))\b",
    re.IGNORECASE,
)
USED = re.compile(
    r"\b(?:turn(?:s|ed)? to|(?:often|commonly|widely|traditionally|typically|"
    r"frequently|generally|sometimes) (?:\w+ )?(?:used|consumed|taken|favou?red|drunk|"
    r"chewed|smoked|eaten)|(?:has|have) (?:long |traditionally )?(?:been used|used|"
    r"chewed|taken|drunk|smoked)|(?:is|are) (?:used|consumed|taken)|"
    r"use (?:it|them|kratom)|people (?:use|take)|users (?:use|take|report|find)|"
    r"rel(?:y|ies) on|self-medicat\w+)\b",
    re.IGNORECASE,
)
COMMON = re.compile(
    r"\b(?:common(?:ly)?|prevalent|widespread|frequent|rare|affects? (?:about |around |"
    r"up to "
    r"|nearly )?(?:\d|one in|millions|many)|\d+(?:\.\d+)? ?(?:%|percent|per cent)|one "
    r"in \w+|millions of|many people|most people|popular(?:ity)?)",
    re.IGNORECASE,
)
SHARE = re.compile(
    r"\d+(?:\.\d+)? ?(?:%|percent|per cent) of|\bone in \w+\b|\bmillions of\b",
    re.IGNORECASE,
)
ATTENTION = re.compile(
    r"\b(?:(?:gained|garnered|attracted|drawn) (?:\w+ )?(?:attention|interest|"
    r"popularity)|subject of interest|topic of|in discussions)\b",
    re.IGNORECASE,
)
PRAISED = re.compile(
    r"\b(?:promis|compelling|well known|recogni[sz]ed|clear)", re.IGNORECASE
)
SAFE = re.compile(
    r"\b(?:(?:is|are) (?:\w+ )?safe|safe (?:to|for|and)|no (?:known )?(?:side effects?|"
    r"risks?|interactions?)|free (?:of|from) (?:\w+ ){0,2}?(?:interactions?|side "
    r"effects?|risks?)|harmless|non-?addictive|without (?:any )?side effects?|"
    r"well[- ]tolerated)\b",
    re.IGNORECASE,
)
HEDGES = re.compile(
    r"\b(?:may(?: be)?|might|could|can|potential(?:ly)?|possibl[ey]|reportedly|"
    r"appears? to|seems? to|thought to|believed to|is said to|reported to|suggests?|"
    r"likely|promising|shows promise|some evidence)\b",
    re.IGNORECASE,
)
DENIED = re.compile(
    r"\b(?:not|no|never|nobody|cannot|doesnt|dont|didnt|isnt|arent|wont|cant|can't|"
    r"doesn't|don't|isn't|aren't|neither|nor|without)\b",
    re.IGNORECASE,
)
ASIDE = re.compile(
    r"\b(?:than|compared|but|who|which|unless|even if|whether)\b", re.IGNORECASE
)
"""Where what is asserted ends: a "not" behind it denies something else."""
CAUSAL = re.compile(
    r"\b(?:cause[sd]?|causing|leads? to|results? in|due to|makes?|because|thanks to|"
    r"produces?|induces?|improves?|reduces?|prevents?|cures?|treats?|relieves?|boosts?|"
    r"promotes?|helps?|worsens?|increases?|alleviates?|enhances?|lowers?)\b",
    re.IGNORECASE,
)
COMPARED = re.compile(
    r"\b(?:than|compared (?:with|to)|versus)\s+"
    r"(?!\d|an? (?:hour|day|week|month|year|minute|half|third|quarter|few)\b)"
    r"(?P<what>.+?)"
    r"(?=\s+(?:in|at|for|on|to|when|after|as)\b|[,;]|$)",
    re.IGNORECASE,
)
HARMS = re.compile(
    r"\b(?:(?:side|adverse|unwanted|unpleasant|possible) effects?|risks|complications|"
    r"adverse (?:events|reactions))\b",
    re.IGNORECASE,
)
INCLUDE = re.compile(
    r"(?:(?:can|may|might|could|commonly|often|usually|also|most) )*(?:include|are|"
    r"be)\b",
    re.IGNORECASE,
)
ANECDOTE = re.compile(
    r"^(?:I\b|I['’]\w+|(?i:he|she|his|her|my(?! \w+ suggests?)|we(?! (?:do not |"
    r"don['’]t |"
    r"still |now )?(?:know|need|lack))|an? (?:buddy|friend|mate|neighbou?r|"
    r"colleague))\b)"
    r"|(?:[,;:“(] ?|\b(?:that|when|because|which|and|but|as|if|than|what|how|so|until|"
    r"before|after|where|while|did|do|am|was|time) )I\b(?! (?:see|should|must|would)\b)"
    r"|\bI (?:was|had|have|am|could|did|felt|feel|took|take|tried|started|slept|"
    r"noticed|got|went|woke|drank|used|think|know|love|like|find|found|wrote|quit|thought|"
    r"stopped|began|ended|never|still|honestly|just|always|also)\b"
    r"|(?<![\w-])(?:I['’](?:m|ve|d|ll)|my|myself)\b(?! (?:clinic|practice|patients|"
    r"surgery|office)\b)"
    r"|(?<![\w.])i(?:['’]?(?:m|ve|d|ll))?\b(?! ?[.,)])(?! (?:see|should|must|would)\b)"
    r"|(?i:\b(?:the|my) (?:wife|husband|missus|hubby)\b|^been\b"
    r"|\blast (?:night|week|weekend|month)\b)"
    r"|(?<!tells )(?<!tell )\bme\b"
    r"|\b[A-Z][a-z]+, \d\d(?:,|(?= (?:swears|says|has|is|was|who)\b))",
)
"""One person's story: told in the first person, or of somebody named with an age."""
OPINION = re.compile(
    r"\b(?:cheap|lovely|amazing|wonderful|delicious|favou?rite|worth|fun|a moment|"
    r"trendy?|"
    r"buzz|hype|hyped|enthusiasm|you know|lives of|hard to interpret|impressive|"
    r"comforting|astonish\w+|seductive|familiar|convinced|"
    r"a fan|experiment|bargain|game[- ]changers?|must[- ]have|perfect|biased|exciting|"
    r"welcome|thrilled|delighted|proud|beautiful|fussy?|anyone['’]s guess|up to you|"
    r"sounds? like|surpris(?:es|ed|ing) (?:every|no|me|us|many|most)\w*|nonsense|"
    r"all from|deserves?|your own|personal choice)\b",
    re.IGNORECASE,
)
"""Words of praise and mood: a clause that only says "is" with one asserts nothing."""
IN_PASSING = re.compile(r"\b(?:even )?(?:when|if|whenever|as long as)\b", re.IGNORECASE)
"""Where a condition begins: what stands behind it is not what is asserted."""
AGENT = re.compile(r"\b(?:by|with|after|through)\s", re.IGNORECASE)
PEOPLE = frozenset(
    """
    people person individuals users patients adults men women those participants
    consumers drinkers someone anyone everyone children volunteers teenagers teens
    smokers
    nobody workers athletes babies infants toddlers mothers seniors runners doctors
    nurses
    experts americans takers subjects respondents students residents
    """.split()
)
TAKERS = re.compile(
    r"\b(?:who|that)(?: (?:had|have|regularly|also|were|are|was))? (?:took|take|"
    r"taking|drank|"
    r"drink|used?|using|ate|eat|got|get|given|received?|smoked?|tried|try|consumed?)\b"
    r"|\b(?:users|drinkers|takers|volunteers)\b",
    re.IGNORECASE,
)
"""People who took what is spoken of."""
GENERIC = frozenset(
    """
    people person research researchers study studies evidence users user experts doctors
    many some most this that these those they which what there here article effects
    effect benefits benefit risk risks use symptoms individuals patients adults women
    men children health body brain sleep quality leaves leaf tree plant plants alkaloids
    compounds it its regular certain typical overall strains natural herbal important
    common potential remedy aid option options alternative alternatives role treatment
    cure solution way help need ailments purposes conditions problems issues things
    reasons condition everyone anyone someone others life time day night days results
    result outcomes cup cups glass dose doses dosage amount amounts rate rates level
    levels number intake consumption supplement supplements supplementation pills
    capsules product products drinkers consumers large small high low higher lower
    larger smaller moderate excessive heavy daily long-term short-term prolonged too
    much taking using drinking eating stopping quitting combining mixing suddenly
    properties property qualities potential ability action actions herb substance
    compound drug medicine ingredient extract oil powder tea regularly few several
    tablet tablets lozenge lozenges gummy gummies drops spray sprays patch brew shot
    shots
    jab jabs cream creams root roots seed seeds bark first main primary active one two
    three four five six long term short evening
    morning cessation relief avenue hope promise half dependence warm form forms
    content contents potent pure organic premium gentle powerful cheap yearly sudden
    course courses session sessions foam strip strips pouch pouches scoop scoops serving
    servings routine habit single big bigger modest tiny little least mild serious event
    events kids folks guys others litre litres gram grams extra minutes hours weekly
    severe lack excess overdose shortage handful
    """.split()
)
"""Words that name nothing by themselves: a subject of these alone is known before."""
