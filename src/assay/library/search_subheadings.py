"""MeSH subheadings: their two letters and names (PubMed help, "MeSH Subheadings").

Which of them are narrower than another is in NLM's qualifier file alone; the one group
that is known without it is NLM's own example (MeSH tutorial, "Subheading Groupings").
"""

_NAMES = """
AB abnormalities
AD administration & dosage
AE adverse effects
AG agonists
AA analogs & derivatives
AN analysis
AH anatomy & histology
AI antagonists & inhibitors
BI biosynthesis
BL blood
BS blood supply
CF cerebrospinal fluid
CS chemical synthesis
CI chemically induced
CH chemistry
CL classification
CO complications
CN congenital
CY cytology
DF deficiency
DI diagnosis
DG diagnostic imaging
DH diet therapy
DE drug effects
DT drug therapy
EC economics
ED education
EM embryology
EN enzymology
EP epidemiology
ES ethics
EH ethnology
ET etiology
GE genetics
GD growth & development
HI history
IM immunology
IN injuries
IR innervation
IS instrumentation
IP isolation & purification
LJ legislation & jurisprudence
ME metabolism
MT methods
MI microbiology
MO mortality
NU nursing
OG organization & administration
PS parasitology
PY pathogenicity
PA pathology
PK pharmacokinetics
PD pharmacology
PH physiology
PP physiopathology
PO poisoning
PC prevention & control
PX psychology
RE radiation effects
RT radiotherapy
RH rehabilitation
SC secondary
ST standards
SN statistics & numerical data
SD supply & distribution
SU surgery
TU therapeutic use
TH therapy
TO toxicity
TM transmission
TR transplantation
TD trends
UL ultrastructure
UR urine
VE veterinary
VI virology
"""

SUBHEADINGS: dict[str, str] = {
    line[:2].lower(): line[3:] for line in _NAMES.strip().split("\n")
}
"""Two letters, small → name."""
