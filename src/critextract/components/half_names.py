"""Names that are the front of one: "deep venous" of "deep venous or arterial thrombosis".

What a list prints once, at its end, belongs to each of its members; a member that is no name
without it takes it over (see `alternatives`).
"""

from __future__ import annotations

import re

from critextract.schema import Label, Mention

_STATES = (
    r"(?:[a-z]+ly|very|primary|secondary|acute|chronic|severe|serious|major|minor|active"
    r"|recurrent|other|another|significant|invasive|infiltrating|progressive|transient|known"
    r"|suspected|new|any)"
)
_STATE = re.compile(rf"(?:{_STATES}\s+)+(?=\S+\s+\S)", re.IGNORECASE)
"""What is said of the second name alone, before the words that stand beside the first."""
COMPOUND = re.compile(
    r"(?:central|peripheral) nervous system|(?:urinary|respiratory|gastrointestinal|biliary) tract"
    r"|(?:coronary|carotid|peripheral) arter(?:y|ial)|(?:soft|connective) tissue|fallopian tube"
    r"|(?:gastro-?o?esophageal|o?esophago-?gastric) junction(?:al)?(?: \([A-Z]+\))?|bone marrow"
    r"|skin structure|marginal zone|solid organ|cord blood"
    r"|peritoneal cavity|primary peritoneal|lymph node|spinal cord|optic nerve|[\w-]+ cell",
    re.IGNORECASE,
)
"""Nouns used as one adjective: "coronary artery"."""
_WORD = re.compile(r"[^\s,/]+")
_ADJECTIVE = re.compile(
    r"[a-z-]{3,}(?:al|ic|ous|ar|ary|ive|ac|ine|gic|ory)|anti-?cancer|[a-z ]{3,} lowering"
    r"|urine|serum|blood|plasma"
    r"|(?:adequately treated )?(?:basal|squamous|merkel|small|large|clear|germ)[ -]cell"
    r"|(?-i:I[AMVTPN]|SC|PO|i\.?[amv]\.?)",
    re.IGNORECASE,
)
"""What is no name without the noun behind it; routes of a drug too."""
_LAST_ADJECTIVE = re.compile(
    r"\s(?!(?:\w*(?:trial|removal|withdrawal|survival|referral|interval|hospital|potential|canal"
    r"|pulmonal|colic|panic|clinic|history|memory|ovary|pituitary|capillary|sac|scar|bipolar|sugar"
    r"|relative|positive|negative|contraceptive|preservative|laxative|sedative|adhesive|narcotic"
    r"|diuretic|anal?esthetic|analgesic|antibiotic|antipsychotic|(?:para|quadri|tetra)plegic"
    r"|diabetic|dysmorphic|schizoaffective|reactive|refractory|naive|inactive|alternative))$)"
    r"[a-z-]{3,}(?:al|ic|ous|ar|ary|ive|ac|gic|ory)$",
    re.IGNORECASE,
)
"""The same of a name of several words, whose last one is no noun."""
_HALF = re.compile(
    r"(?:\b(?:deep|portal|femoral|retinal|mesenteric) vein|\bretinal artery|\bfallopian tube"
    r"|\b(?:soft|connective) tissue|\b(?:gastric|bladder) outlet"
    r"|\b(?:respiratory|urinary|biliary|gastrointestinal|GI) tract"
    r"|\b(?!sickle)[\w-]+[ -]cell|\bbone marrow|\btraumatic (?:brain|head)|\bexternal beam"
    r"|\burine drug"
    r"|-(?:containing|based|type|derived|targeted|directed|mediated|sparing|lowering|related)"
    r"|\b(?:humani[sz]ed|chimeric|murine|bovine|porcine|recombinant(?: human)?))$",
    re.IGNORECASE,
)
"""Words that end no name, whatever follows them."""
_BEFORE_NOUN = (
    (
        "impairments?|disorders?|disabilit(?:y|ies)|problems?|difficult(?:y|ies)|loss|deficits?"
        "|disturbances?|handicaps?",
        r"(?:(?!the\b|of\b|and\b|or\b)\w+ )?(?:speech|hearing|vision|language|walking|swallowing"
        r"|learning|sleep|eating|mood|anxiety|memory|movement|personality|conduct|smell|taste"
        r"|gait|reading|writing|attention|thought|feeding|clotting|coagulation)",
    ),
    (
        "dysfunctions?|diseases?|disorders?|failure|functions?|impairments?|insufficiency"
        "|involvement|abnormalit(?:y|ies)|injur(?:y|ies)|cancers?|carcinomas?|metastas[ei]s"
        "|transplant(?:ation)?s?|problems?|conditions?|surger(?:y|ies)|toxicit(?:y|ies)",
        r"(?:(?!the\b|of\b|and\b|or\b|neurogenic|overactive|horseshoe|pelvic|polycystic|dry|fatty"
        r"|irritable|enlarged|single|solitary)\w+ )?(?:thyroid|liver|kidneys?|heart|lungs?|bladder"
        r"|spleen|pancreas|prostate|breast|colon|stomach|skin|bone|brain|eye|lymph nodes?|bowel"
        r"|muscle|joint|nerve|blood|ovary|uterus|gall ?bladder|o?esophagus|CNS|GI|endocrine)",
    ),
    ("disease|syndrome|lymphoma", r"[\w-]+['’]s"),
    ("intolerance|malabsorption", r"[a-z]+ose"),
    ("time", r"(?:(?:activated )?partial )?(?:pro)?thrombo?(?:in|plastin)"),
    ("receptors?", r"(?:o?estrogen|progesterone|androgen)"),
    ("drugs?|substances?", r"(?:illicit|illegal|recreational|street|prescription)"),
    ("(?:chemo|radio)?therapy|treatment", r"(?:induction|maintenance|consolidation|salvage)"),
    (
        "inhibitors?|inducers?|agonists?|antagonists?|blockers?|substrates?",
        r"(?:(?:strong|potent|moderate) )?(?:CYP ?\d\w*|PI3K\w*|m?TORC?\d?|[EFP]DGFR|EGFR|FGFR"
        r"|VEGFR?|HER-?2|MEK|B?RAF|AKT|CDK\s?\d(?:/\d)?|PARP|BTK|JAK\d?|ALK|P-?gp|P-glycoprotein"
        r"|DPP-?4|SGLT-?\d|COX-?\d|HMG-CoA reductase|aromatase"
        r"|(?:nucleoside )?reverse transcriptase)",
    ),
)
"""A noun, and what is no name of its own where it stands behind the last of a list."""
_TREATMENT = re.compile(
    r"(?:\w*therap(?:y|ies)|treatments?|agents?|drugs?|medic(?:ation|ine)s?|products?|preparations?"
    r"|compounds?|antibod(?:y|ies)|vaccines?|\w*steroids?|surger(?:y|ies)|procedures?|supports?"
    r"|transplant(?:ation)?s?|injections?|infusions?|inhibitors?|antibiotics?)$",
    re.IGNORECASE,
)
"""What the name of a treatment ends with."""
_DRUG_NAME = re.compile(
    r"(?!anti)(?!murine$|bovine$|porcine$|equine$)"
    r"[a-z]+(?:ine|ac|(?<!suppress)(?<!tens)(?<!act)ive|bit[ao]l|thal|viral|amic)",
    re.IGNORECASE,
)
"""Names of drugs that end like adjectives: theophylline, diclofenac, phenobarbital."""
_ROUTE = re.compile(r"I[AMVTPN]|SC|PO|i\.?[amv]\.?")
_ALONE = re.compile(r"(?:(?:post|pre|peri)[- ]?)?menopausal|bisexual|homosexual", re.IGNORECASE)
"""What is said of a person and no kind of the next: "postmenopausal or surgically sterile"."""
_GIVEN = frozenset({Label.DRUG, Label.PROCEDURE})


def head_of(text: str, mention: Mention) -> int | None:
    """Return where the noun of a mention of several words begins, None if it has one word."""
    if mention.fragments:
        return mention.fragments[-1][0]
    state = _STATE.match(text, mention.start, mention.end)
    begin = state.end() if state else mention.start
    words = list(_WORD.finditer(text, begin, mention.end))
    beside = COMPOUND.match(text, begin)
    skip = len(beside.group().split()) if beside else 1
    return words[skip].start() if len(words) > skip else None


def is_kind(words: str) -> bool:
    """Tell whether words before a name say its kind, not how it is: "ischemic", not "primary"."""
    return re.fullmatch(_STATES, words, re.IGNORECASE) is None


def noun_for(name: str, noun: str) -> str | None:
    """Return the shared noun without the words that end the name already, None if none is left."""
    words = noun.lower().split()
    last = name.lower().split()[-1]
    if last in words[:-1]:
        return noun.split(None, words.index(last) + 1)[-1]
    return None if last == words[-1] else noun


def is_half(first: Mention, second: Mention) -> bool:
    """Tell whether a mention is no name without the noun of the one it is joined to."""
    outside = all(q.end <= first.start or q.start >= second.end for q in first.qualifiers)
    own = first.values and second.values and first.values != second.values
    behind = not second.values and any(v.start >= first.end for v in first.values)
    if first.fragments or not outside or own or behind:
        return False
    if _ALONE.fullmatch(first.text) or second.text.lower().endswith("sterile"):
        return False
    noun = second.text.split()[-1]
    treatment = _TREATMENT.match(noun) is not None
    alike = first.label is second.label or _ROUTE.fullmatch(first.text)
    if not alike and not (treatment and second.label in _GIVEN):
        return False
    return _ends_open(first, noun, treatment=treatment)


def _ends_open(mention: Mention, noun: str, *, treatment: bool) -> bool:
    """Tell whether a name ends with a word that asks for a noun."""
    text = mention.text
    if mention.label is Label.DRUG and _DRUG_NAME.fullmatch(text):
        return False
    if _ADJECTIVE.fullmatch(text) or _HALF.search(text):
        return True
    if any(re.fullmatch(a, noun, re.I) and re.fullmatch(b, text, re.I) for a, b in _BEFORE_NOUN):
        return True
    if mention.label in _GIVEN and not treatment:
        return False
    return _LAST_ADJECTIVE.search(text) is not None
