"""Words of body, illness, care and food: does a sentence speak of health at all?

It is asked only of sentences in which the vocabulary knows nothing. The lists were
written by hand for this project; a final `*` lets a word go on.
"""

import re

_BODY = """
    abdom* acid acids adrenal* airway* ankle* arm arms arteri* artery back bacteri*
    belly bladder blood bloodstream bodies bodily body bone bones bowel* brain brains
    breast* breath* breathing calorie* cell cells cellular chest cholesterol chromosom*
    circulat* collagen colon cortisol dna dopamine ear ears endorphin* enzyme* eye eyes
    eyesight face fat fats feet finger* flesh follicle* foot gene genes genetic* genome
    gland* glucose gum gums gut guts hair hand hands head heart hearts heartbeat hip
    hips hormon* immun* insulin intestin* jaw joint joints kidney* knee* leg legs lens
    ligament* limb* lips liver livers lung lungs lymph* marrow metabol* microb*
    microbiome mitochondri* mouth mucus muscl* nail nails neck nerve* nervous neuro*
    nose nostril* organ organs ovar* pancrea* penis pelvi* placenta plasma platelet*
    protein* prostate pulse receptor* retina* saliva scalp semen serotonin sinus*
    skelet* skin skull sperm spine spinal stomach* sweat tendon* testosterone thigh*
    throat thyroid tissue* toe toes tongue tooth teeth trigl* umbil* urin* uter* uterus
    vagin* vascular vein veins vessel* vision waist womb wrist*
"""
_ILLNESS = """
    abscess ache aches aching acne addict* adhd aging ageing aids ailment* allerg*
    alzheim* anaemi* anemi* anorexi* anxi* apnea apnoea appetite arthrit* asthma*
    autism autistic bleed* blind* bloat* bruis* bulimi* burn burns cancer* cardiac
    cardio* cavities cavity cholera chronic cold colds colic coma comorbid* concussion
    condition* congenital constipat* contagi* convuls* cough* cramp* crohn* dandruff
    dead deadly deaf* death* deficien* dehydrat* delirium dementia depress* diabet*
    diarrh* die died dies disab* disease* disorder* dizz* drowsi* dying dyslexi* ebola
    eczema epidemic* epilep* exhaust* faint* fatal* fatigue* fever* fibro* flu fractur*
    fungal fungus gout harm harms harmful harmless safe unsafe hazard* headache* hepat*
    hernia* herpes hiv hunger
    hyper* hypo* ill illness* impot* incontinen* indigestion infect* infertil* inflam*
    influenza injur* insomni* itch* jaundice lesion* leukaemi* leukemi* lice lupus
    malaria malign* malnutr* measles menopaus* menstru* mental* migraine* miscarr* mood
    moods mortality mumps mutat* myopi* nausea* numb* obes* outbreak* overdos*
    overweight pain* palsy pandemic* panic paralys* parkinson* pathogen* period periods
    phobi* pimple* plaque pneumoni* poison* polio psoria* psych* puber* rash* reflux
    relaps* rheum* risk risks scar scars schizo* scurvy seizure* sepsis sexual* sick*
    side sleep* slept smallpox snor* sore* spasm* stroke* suicid* swell* swollen
    symptom* syndrome* tetan* tinnitus tired* toxic* toxin* trauma* tremor* tubercul*
    tumor* tumour* ulcer* unwell vertigo virus* viral vomit* wart* weak* wound* wrinkl*
    zika short-sighted* long-sighted* nearsight* weight
"""
_CARE = """
    antibiot* antibod* antioxid* antisept* biops* bandage* capsule* checkup* chemo*
    clinic* contracept* cure* dental dentist* diagnos* diet diets dietary doctor*
    dosage*
    dose doses drip drug drugs exercis* fasting fluoride* gel gels healing health*
    herb herbal herbs homeop* hospital* hygien* implant* inhaler* inject* injection*
    jab jabs massage* medic* medicin* meditat* midwi* mineral* nurse* nursing ointment*
    operation* opioid* paediatr* painkiller* patient* pediatr* pharma* physician*
    physio* pill pills placebo prescri* prevent* probiotic* procedure* prognos*
    prosthe* psychiat* radiat* rehab* remed* scan scans screening sedat* smear smok*
    spray sprays steroid* stethosc* stimulant* supplement* surg* swab* syring* tablet*
    therap* tonic* transfus* transplant* treat* ultrasound* vaccin* vitamin* ward yoga
    yogurt x-ray* workout* fitness nutri*
"""
_LIFE = """
    alcohol* babies baby birth* breakfast cannabis carb carbs carbohyd* caffein* coffee
    dairy decaf drink drinker* drinking drinks eat eaten eater* eating eats egg eggs fed
    fetal fetus foetus fertil* fiber fibre fish food foods fruit* grain* infan* junk
    lactat* meal meals meat milk mother* newborn* nut nuts obstet* ovulat* pregnan* salt
    screen screens sedent* sex smoker* snack* sodium sugar* sunlight sunscreen teen*
    tobacco toddler* unborn uv vegan* vegetable* vegetarian* walk* water
    wean* compound* extract* plant plants leaf root roots seed seeds herbicid*
    pesticid* polyphenol* mercury asbestos pollut*
"""
_MADE = frozenset(
    "collagen cortisol dopamine glucose protein* serotonin testosterone".split()
)
"""What the body makes and people take or measure too."""
_SHAPES = (
    r"\w{3,}(?:itis|osis|emia|aemia|pathy|algia|uria|ectomy|therapy|statin|azole|"
    r"mycin|cillin|amine|toxin|trophy|plasia|genic|phobia|dermal|ceutical)s?"
)


def _compile(lists: str, shapes: str) -> re.Pattern[str]:
    words = lists.split()
    stems = "|".join(re.escape(w[:-1]) for w in words if w.endswith("*"))
    whole = "|".join(re.escape(w) for w in words if not w.endswith("*"))
    return re.compile(rf"\b(?:(?:{stems})[\w-]*|(?:{whole}){shapes})\b")


_HEALTH = _compile(f"{_BODY} {_ILLNESS} {_CARE} {_LIFE}", f"|{_SHAPES}")
_PARTS = _compile(" ".join(w for w in _BODY.split() if w not in _MADE), "")


def speaks_of_health(text: str) -> bool:
    """Say whether a text names a part of the body, an illness, a treatment or a food.

    >>> speaks_of_health("Tinnitus is common"), speaks_of_health("Rents are high")
    (True, False)
    """
    return _HEALTH.search(text.lower()) is not None


def is_body(text: str) -> bool:
    """Say whether a text is the name of a part of the body, and nothing else.

    >>> is_body("skin"), is_body("collagen powder")
    (True, False)
    """
    return _PARTS.fullmatch(text.lower()) is not None


_MEASURED = re.compile(
    r"\d|\b(?:half|third|quarter|twice|double|percent|per cent|one in|in ten|"
    r"more|less|fewer|longer|shorter|higher|lower|slower|faster|sooner|larger|smaller|"
    r"greater|years?|days?|fortnight|stronger|weaker|milder|safer|riskier|better|"
    r"worse|hours?|minutes|weeks?|"
    r"months|(?:cheap|strong|larg|bigg|small|high|low|saf|fast|long|short|weak|rich|old)est|best|worst|effects?|evidence|trials?|studies|research|tests?|mice|rats|users|amounts|doses?)\b",
    re.IGNORECASE,
)


def is_measured(text: str) -> bool:
    """Say whether a text compares, counts or weighs evidence.

    >>> is_measured("reaction times are slower"), is_measured("it is what it is")
    (True, False)
    """
    return _MEASURED.search(text) is not None
