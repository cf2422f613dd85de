"""Time expressions: a table of marked-up criteria, read-back of generated windows, speed."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import get_args

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from critextract.components.lengths import find_lengths
from critextract.components.numbers import NUMBER, read_number
from critextract.components.periods import is_tense
from critextract.components.references import read_reference
from critextract.components.sides import OTHER_EVENT
from critextract.components.tables import read_table, read_words
from critextract.components.temporal import find_times
from critextract.schema import Direction, Period, Window


def interval(window: Window) -> str:
    """Print the bounds: ``<=6``, ``>12``, ``2..4``, ``-`` for none."""
    low, high = window.low, window.high
    if low is not None and high is not None:
        assert window.low_closed is True
        assert window.high_closed is True
        return f"{low}..{high}"
    if low is not None:
        return f">={low}" if window.low_closed else f">{low}"
    if high is not None:
        return f"<={high}" if window.high_closed else f"<{high}"
    return "-"


def marked(text: str) -> tuple[str, list[str]]:
    """Return the text without marks, and the marked characters."""
    assert text.count("«") == text.count("»"), f"unbalanced marks in {text!r}"
    return re.sub("[«»]", "", text), re.findall("«(.*?)»", text)


def read(text: str) -> list[tuple[str, str]]:
    """Return characters and meaning of each time expression."""
    found = []
    for item in find_times(text):
        w = item.window
        parts = (w.role, interval(w), w.unit, w.direction, w.reference_point, item.period)
        found.append((text[w.start : w.end], " ".join(p or "-" for p in parts)))
    return found


# role, bounds, unit, direction, reference point, period
NUMBERED = [
    ("Infarction «28 days ago or earlier»", "recency >=28 d before - -"),
    ("Must be «4 weeks since» infarction", "recency >=4 wk before - -"),
    ("«No more than 8 weeks» of total steroids", "duration <=8 wk - - -"),
    ("«Less than 8 weeks» of continuous steroids", "duration <8 wk - - -"),
    ("«4 weeks since» infarction", "recency <=4 wk before - -"),
    ("Steroids «within a minimum of 28 days of starting XY-4047»", "recency <=28 d - first_dose -"),
    (
        "New drugs «within 6 weeks of receiving its first dose»",
        "recency <=6 wk - first_dose -",
    ),
    (
        "Creams «within 2 days before the first use of the study lotion»",
        "recency <=2 d before first_dose -",
    ),
    (
        "Excision «within 4 weeks of the initial histologic diagnosis»",
        "recency <=4 wk - diagnosis -",
    ),
    ("Excision «at least 4 weeks» in all", "duration >=4 wk - - -"),
    ("Treated «at the past one year»", "recency <=1 a before - past"),
    # within
    ("No MI «within 6 months before enrolment»", "recency <=6 mo before enrollment -"),
    ("Stroke «within 90 days prior to informed consent»", "recency <=90 d before consent -"),
    ("Seizure «within one year prior to screening»", "recency <=1 a before screening -"),
    ("Surgery «within 4 weeks of randomization»", "recency <=4 wk - randomization -"),
    ("Fever «within 48 hours of admission»", "recency <=48 h - admission -"),
    ("Angina «within 6 months»", "recency <=6 mo - - -"),
    ("Angina «within six (6) months»", "recency <=6 mo - - -"),
    ("Angina «within 6 (six) months»", "recency <=6 mo - - -"),
    ("Angina «within twenty-four hours»", "recency <=24 h - - -"),
    ("Angina «within a couple of weeks of enrollment»", "recency <=2 wk - enrollment -"),
    ("Angina «within a week of baseline»", "recency <=1 wk - baseline -"),
    ("Angina «within half a year»", "recency <=0.5 a - - -"),
    ("Angina «within 1 1/2 years»", "recency <=1.5 a - - -"),
    ("Angina «within 2.5 years»", "recency <=2.5 a - - -"),
    (
        "Angina «within approximately 30 days prior to randomisation»",
        "recency <=30 d before randomization -",
    ),
    ("Donation «within the 3 months prior to study entry»", "recency <=3 mo before enrollment -"),
    ("Donation «within 56 days (8 weeks) before dosing»", "recency <=56 d before first_dose -"),
    ("Trial drug «within 30 days or 5 half-lives»", None),
    ("Rash «within 14 days before or after vaccination»", "recency <=14 d - vaccination -"),
    ("Rash «within 5 half-lives of screening»", "recency <=5 {half_life} - screening -"),
    ("Rash «within 2 cycles of study treatment»", "recency <=2 {cycle} - treatment -"),
    ("Rash «within 24 h after surgery»", "recency <=24 h after surgery -"),
    ("Rash «within 12 hours following onset of symptoms»", "recency <=12 h after onset -"),
    ("Rash «within 24-48 hours»", "recency 24..48 h - - -"),
    ("Delivery «within 72 hours of» culture", "recency <=72 h - event -"),
    ("Tattoo «within 3 months prior to» phlebotomy", "recency <=3 mo before event -"),
    ("Study drug «within 28 days of the first dose of study drug»", None),
    (
        "Dosing «within 7 days prior to the first administration of test drug»",
        "recency <=7 d before first_dose -",
    ),
    (
        "Herbal tea «within 7 days before the start of study drug»",
        "recency <=7 d before first_dose -",
    ),
    (
        "Herbal tea «within 7 days before initiation of treatment»",
        "recency <=7 d before first_dose -",
    ),
    (
        "Herbal tea «within 7 days prior to starting study treatment»",
        "recency <=7 d before first_dose -",
    ),
    ("Herbal tea «within 7 days prior to Day 1»", "recency <=7 d before first_dose -"),
    ("Herbal tea «within 7 days before inclusion»", "recency <=7 d before enrollment -"),
    ("Herbal tea «within 7 days before entry into the study»", "recency <=7 d before enrollment -"),
    (
        "Herbal tea «within 7 days before signing informed consent»",
        "recency <=7 d before consent -",
    ),
    ("Herbal tea «within 7 days before registration»", "recency <=7 d before registration -"),
    ("Herbal tea «within 7 days prior to the screening visit»", "recency <=7 d before screening -"),
    ("Herbal tea «within 7 days prior to the study»", "recency <=7 d before study -"),
    ("Herbal tea «within 7 days of the planned procedure»", "recency <=7 d - procedure -"),
    # past and next
    ("Chemotherapy «in the past 4 weeks»", "recency <=4 wk before - past"),
    ("Chemotherapy «within the last 3 months»", "recency <=3 mo before - past"),
    ("Chemotherapy «in the previous 12 months»", "recency <=12 mo before - past"),
    ("Chemotherapy «within the preceding 30 days»", "recency <=30 d before - past"),
    ("Chemotherapy «in the 6 months prior to enrollment»", "recency <=6 mo before enrollment -"),
    ("Chemotherapy «during the 6 previous months»", "recency <=6 mo before - past"),
    ("Chemotherapy («last 30 days»)", "recency <=30 d before - past"),
    ("Chemotherapy «within the past year»", "recency <=1 a before - past"),
    ("Chemotherapy «in the last month»", "recency <=1 mo before - past"),
    ("Chemotherapy «past 3 to 5 years»", "recency 3..5 a before - past"),
    ("Hospital stay at least once «in the last 3 months»", "recency <=3 mo before - past"),
    ("Relapsed twice «within 12 months»", "recency <=12 mo - - -"),
    ("Smoking «over the last 12 months»", "recency <=12 mo before - past"),
    (
        "Smoking «within the last 6 months prior to screening»",
        "recency <=6 mo before screening past",
    ),
    ("Smoking «in the month prior to screening»", "recency <=1 mo before screening -"),
    ("Move abroad «within the next 6 months»", "recency <=6 mo after - future"),
    ("Move abroad «in the coming year»", "recency <=1 a after - future"),
    ("Bleeding «in the first 24 hours after admission»", "recency <=24 h after admission -"),
    # signs and comparators
    ("Washout «≥ 2 wks before first dose»", "recency >=2 wk before first_dose -"),
    ("Stroke «at least 3 months ago»", "recency >=3 mo before - -"),
    ("Stroke «more than 12 weeks ago»", "recency >12 wk before - -"),
    ("Stroke «at least 3 months prior»", "recency >=3 mo before - -"),
    ("Stroke «at least 3 months prior to screening»", "recency >=3 mo before screening -"),
    ("Stroke «< 3 months from» the bleeding", "recency <3 mo after event -"),
    ("Stroke «< 3 months from inclusion»", "recency <3 mo - enrollment -"),
    ("Stroke «less than 6 months before baseline»", "recency <6 mo before baseline -"),
    ("Stroke «no more than 30 days before enrollment»", "recency <=30 d before enrollment -"),
    ("Stroke «not less than 30 days before enrollment»", "recency >=30 d before enrollment -"),
    ("Stroke «up to 7 days before surgery»", "recency <=7 d before surgery -"),
    ("Biopsy «no earlier than 12 months before enrolment»", "recency <=12 mo before enrollment -"),
    ("Biopsy «earlier than 12 months before enrolment»", "recency >12 mo before enrollment -"),
    ("Biopsy «no later than 3 days before surgery»", "recency >=3 d before surgery -"),
    ("Biopsy «no later than 3 days after surgery»", "recency <=3 d after surgery -"),
    ("Biopsy «not earlier than 3 days after surgery»", "recency >=3 d after surgery -"),
    ("Stroke «6 months ago»", "recency <=6 mo before - -"),
    ("Stroke «6 months ago or more»", "recency >=6 mo before - -"),
    ("Stroke «6 months earlier»", "recency <=6 mo before - -"),
    ("Stroke «2 to 4 weeks before randomization»", "recency 2..4 wk before randomization -"),
    ("Stroke «between 3 and 6 months before screening»", "recency 3..6 mo before screening -"),
    ("Stroke «24-48 h after surgery»", "recency 24..48 h after surgery -"),
    ("Stroke «6 - 12 months prior to entry»", "recency 6..12 mo before enrollment -"),
    ("Stroke «2 weeks or more before the start of the study»", "recency >=2 wk before study -"),
    ("Stroke «2 or more weeks before screening»", "recency >=2 wk before screening -"),
    ("Contraception «until 90 days after the last dose»", "recency <=90 d after last_dose -"),
    (
        "Contraception «up to 30 days after the last dose of study drug»",
        "recency <=30 d after last_dose -",
    ),
    (
        "Contraception «for at least 90 days after the last dose»",
        "duration >=90 d after last_dose -",
    ),
    ("Contraception «for 30 days after the end of treatment»", "duration >=30 d after last_dose -"),
    ("«At least 4 weeks since» prior", None),
    ("> «Within 6 months»: stroke", "recency <=6 mo - - -"),
    ("Asthma diagnosed «at least 12 months before V1»", "recency >=12 mo before visit -"),
    ("No caffeine «in the 72 hours pre-dose»", "recency <=72 h before first_dose -"),
    ("No change «within one week before C1/D1»", "recency <=1 wk before first_dose -"),
    ("A scan «not older than 6 weeks»", "recency <=6 wk before - -"),
    ("Aspirin «within 10 days, prior to surgery»", "recency <=10 d before surgery -"),
    ("Diabetes «of more than 20 years' standing»", "duration >20 a - - -"),
    ("Surgery «of ≥ 30 minutes»", "duration >=30 min - - -"),
    ("Pain with an onset «of > 6 months ago»", "recency >6 mo before - -"),
    ("Follow-up «during the 12 months from screening»", "recency <=12 mo after screening -"),
    ("Relapse «within 12 months from screening»", "recency <=12 mo - screening -"),
    ("«Not more than 12 weeks elapsed between surgery and randomization»",
     "recency <=12 wk before randomization -"),
    ("Migraine «at ≥ 35 years»", "age >=35 a after birth -"),
    ("VAS 3 «on Day 1»", "recency - - - first_dose -"),
    ("Steroids «for > 14 days in total»", "duration >14 d - - -"),
    ("A mother with breast cancer «under the age of 60»", "age <60 a after birth -"),
    ("Death «under the age of 50»", "age <50 a after birth -"),
    ("«At least 2 weeks must have elapsed since» radiotherapy", "recency >=2 wk before - -"),
    ("«At least 6 months since» surgery", "recency >=6 mo before - -"),
    ("«Greater than or equal to 28 days from» chemotherapy", "recency >=28 d before - -"),
    ("Relapse «within 6 months from» completing it", "recency <=6 mo after event -"),
    ("Contraception «for 6 months since the last dose»", "duration >=6 mo after last_dose -"),
    ("Failed «3 months» of conservative treatment", "duration >=3 mo - - -"),
    ("Stroke «= or > 30 days before screening»", "recency >=30 d before screening -"),
    ("«At least 28 days since last dose» of chemotherapy", "recency >=28 d before - -"),
    ("Fever «during the first 24 hours»", "recency <=24 h after - -"),
    ("Gel «for 2 weeks after» study radiotherapy", "duration >=2 wk after event -"),
    ("Recovery from stroke («> 6 months»)", "duration >6 mo - - -"),
    # durations
    ("Stable dose «for more than 12 weeks»", "duration >12 wk - - -"),
    (
        "Stable dose «for at least 3 months prior to screening»",
        "duration >=3 mo before screening -",
    ),
    ("Stable dose «for 3 months»", "duration >=3 mo - - -"),
    ("Aspirin daily «for 3 months»", "duration >=3 mo - - -"),
    ("Stable dose «for ≥ 8 weeks»", "duration >=8 wk - - -"),
    ("Stable dose «for the past 3 months»", "duration >=3 mo before - past"),
    ("Stable dose «for at least the last 6 months»", "duration >=6 mo before - past"),
    ("Stable dose «for no less than 2 years»", "duration >=2 a - - -"),
    ("Pain «lasting longer than 30 minutes»", "duration >30 min - - -"),
    ("Pain «lasting 4-72 hours»", "duration 4..72 h - - -"),
    ("Pain «of at least 3 months duration»", None),
    ("Pain «> 3 months»", "duration >3 mo - - -"),
    ("Pain «for less than 2 weeks»", "duration <2 wk - - -"),
    ("«At least 4-6 weeks since» radiotherapy", "recency >=4 wk before - -"),
    ("Stroke «no more than 3 to 6 months before enrolment»", "recency <=6 mo before enrollment -"),
    ("Stroke «within 4-6 weeks before enrolment»", "recency 4..6 wk before enrollment -"),
    ("Low mood «for half a year»", "duration >=0.5 a - - -"),
    ("Disease «duration of at least 2 years»", "duration >=2 a - - -"),
    ("Steroids «for over 2 weeks»", None),
    ("Surgery expected to last «> 2 hours»", "duration >2 h - - -"),
    ("«6-month history of» migraine", "duration >=6 mo - - past"),
    ("«at least a 12-month history of» migraine", "duration >=12 mo - - past"),
    ("Insomnia «3 months or longer»", "duration >=3 mo - - -"),
    ("Amenorrhea «for 12+ months»", "duration >=12 mo - - -"),
    ("Amenorrhea «for twelve months»", "duration >=12 mo - - -"),
    ("Amenorrhea «for 1 year or more»", "duration >=1 a - - -"),
    ("Loss of consciousness «> 30 min»", "duration >30 min - - -"),
    ("Diabetes «since at least 5 years»", "duration >=5 a - - -"),
]  # fmt: skip

UNNUMBERED = [
    ("Stable drugs «until randomisation»", "recency - - before randomization -"),
    ("«Earlier» reaction to a vaccine", "recency - - - - past"),
    ("Subjects who «have used» a cream", "recency - - - - past"),
    ("Patients «being treated with» insulin", "recency - - - - present"),
    ("Women not «using» contraception", "recency - - - - present"),
    ("Not «on» dialysis", "recency - - - - present"),
    ("Has «completed» induction", "recency - - - - past"),
    ("Adults «under» guardianship", "recency - - - - present"),
    ("«Completed» four cycles", "recency - - - - past"),
    ("«Screening» haemoglobin > 9 g/dL", "recency - - - screening -"),
    ("Are «now» taking a statin", None),
    ("Subject «takes» nitrates", "recency - - - - present"),
    ("«Participating in» another trial", "recency - - - - present"),
    ("«History of» seizures", "recency - - - - past"),
    ("«Past medical history of» cancer", "recency - - - - past"),
    ("Medical «history»: asthma", None),
    ("«Prior» radiotherapy", "recency - - - - past"),
    ("«Previous» stroke", "recency - - - - past"),
    ("FEV1 < 80 % «at Visits 1 and 2»", "recency - - - visit -"),
    ("Cirrhosis «in the history»", "recency - - - - past"),
    ("«Presence or history of» stroke", "recency - - - - past"),
    ("«Previously» treated cancer", "recency - - - - past"),
    ("Smokers, current or «past»", None),
    ("«Current» smoker", "recency - - - - present"),
    ("«Currently» pregnant", "recency - - - - present"),
    ("Patients who «have or have had» shingles", "recency - - - - past"),
    ("«Has or had» shingles", "recency - - - - past"),
    ("Bleeding, «intra- or postoperative»", "recency - - - surgery -"),
    ("«Peri- and post-operative» bleeding", "recency - - - surgery -"),
    ("«Postoperative» bleeding", "recency - - after surgery -"),
    ("«Currently» meets criteria for dependence", "recency - - - - present"),
    ("«Current» dependence by the usual criteria", "recency - - - - present"),
    ("«Ongoing» infection", "recency - - - - present"),
    ("«On-going» infection", "recency - - - - present"),
    ("«Recent» infection", "recency - - - - -"),
    ("«Recently» diagnosed", "recency - - - - -"),
    ("«Concomitant» warfarin", "recency - - - - present"),
    ("«Concurrent» malignancy", "recency - - - - present"),
    ("«Receiving» dialysis", "recency - - - - present"),
    ("«Taking» warfarin", "recency - - - - present"),
    ("Patients «on» dialysis", "recency - - - - present"),
    ("Kidney: «on» dialysis", "recency - - - - present"),
    ("If «on» hydroxyurea, stable dose", "recency - - - - present"),
    ("Hypertension «on» stable treatment", "recency - - - - present"),
    ("No medication «taken» for pain", "recency - - - - past"),
    ("«Treated with» heparin", "recency - - - - past"),
    ("Men who «have had» a stroke", "recency - - - - past"),
    ("«H/o» stroke", "recency - - - - past"),
    ("Women «using» insulin", "recency - - - - present"),
    ("Infants «under» antiviral treatment", "recency - - - - present"),
    ("«Undergoing» dialysis", "recency - - - - present"),
    ("«Received» a transplant", "recency - - - - past"),
    ("«Planned» surgery", "recency - - - - future"),
    ("«Expected to undergo» surgery", "recency - - - - future"),
    ("«Scheduled» for surgery", "recency - - - - future"),
    ("«Planning to» conceive", "recency - - - - future"),
    ("Pregnancy in the «near future»", None),
    ("«Pre-existing» neuropathy", "recency - - - - past"),
    ("Suicide attempt «at any time»", "recency - - - - past"),
    ("«Lifetime» suicide attempt", "recency - - - - past"),
    ("«Former» smoker", "recency - - - - past"),
    ("ECOG 0-1 «at screening»", "recency - - - screening -"),
    ("ECOG 0-1 «at baseline»", "recency - - - baseline -"),
    ("«Baseline» ECOG 0-1", "recency - - - baseline -"),
    ("ECOG 0-1 «at the time of enrollment»", "recency - - - enrollment -"),
    ("ECOG 0-1 «at the screening visit»", "recency - - - screening -"),
    ("ECOG 0-1 «on the day of surgery»", "recency - - - surgery -"),
    ("ECOG 0-1 «on admission»", "recency - - - admission -"),
    ("Pregnant «at the time of signing the informed consent form»", "recency - - - consent -"),
    ("Contraception «during the study»", "recency - - during study -"),
    ("Contraception «throughout the study period»", "recency - - during study -"),
    ("Contraception «for the duration of the study»", "recency - - during study -"),
    ("Contraception «until the end of the study»", None),
    ("Infection «prior to randomization»", "recency - - before randomization -"),
    ("Infection «before surgery»", "recency - - before surgery -"),
    ("Infection «after the last dose of study drug»", "recency - - after last_dose -"),
    ("Infection «since diagnosis»", "recency - - after diagnosis -"),
    ("Age «at entry into the study» is 30 years or under", "recency - - - enrollment -"),
    ("Infection «since birth»", "recency - - after birth -"),
    ("«Preoperative» fever", "recency - - before surgery -"),
    ("«Postoperative» fever", "recency - - after surgery -"),
    ("Infection «in the past few weeks»", "recency - - before - past"),
    ("Diagnosed «before the age of 18»", "age <18 a after birth -"),
    ("Onset «before age 50»", "age <50 a after birth -"),
    ("Onset «after the age of fifty years»", "age >50 a after birth -"),
    ("Diagnosed «at age 40 or older»", "age >=40 a after birth -"),
    ("Diagnosed «by age 12»", "age <=12 a after birth -"),
    ("Seizures «since the age of 2 years»", "age >=2 a after birth -"),
    ("Menopause «before 40 years of age»", "age <40 a after birth -"),
]  # fmt: skip

SEVERAL = [
    (
        "Drug «within 4 weeks» or «5 half-lives, whichever is longer, before first dose»",
        ["recency <=4 wk before first_dose -", "recency <=5 {half_life} before first_dose -"],
    ),
    (
        "Drug «within 30 days» or «5 half-lives (whichever is longer) of screening»",
        ["recency <=30 d - screening -", "recency <=5 {half_life} - screening -"],
    ),
    (
        "«At least 4 weeks since» surgery and «6 weeks since» radiotherapy",
        ["recency >=4 wk before - -", "recency >=6 wk before - -"],
    ),
    (
        "«Less than 4 weeks since» a fall or «6 weeks since» an injury",
        ["recency <4 wk after event -", "recency <6 wk after event -"],
    ),
    (
        "«At least 4 weeks since» surgery; «6 weeks since» radiotherapy",
        ["recency >=4 wk before - -", "recency <=6 wk before - -"],
    ),
    (
        "«At least 4 weeks since» «prior» chemotherapy",
        ["recency >=4 wk before - -", "recency - - - - past"],
    ),
    (
        "«History of» «prior» stroke «within 6 months»",
        ["recency - - - - past", "recency - - - - past", "recency <=6 mo - - -"],
    ),
    (
        "Heparin «for more than 48 hours» «in the past 7 days prior to consent»",
        ["duration >48 h - - -", "recency <=7 d before consent past"],
    ),
    (
        "«Current» or «previous» cancer",
        ["recency - - - - present", "recency - - - - past"],
    ),
    (
        "Drug X «within 90 days»/«5 half-lives of Day 1»",
        ["recency <=90 d - first_dose -", "recency <=5 {half_life} - first_dose -"],
    ),
    (
        "Drug X «less than 90 days» (or «5 t½ if longer) before Day 1»",
        ["recency <90 d before first_dose -", "recency <5 {half_life} before first_dose -"],
    ),
    (
        "Transplant «at least 6 months» but «not more than 24 months ago»",
        ["recency >=6 mo before - -", "recency <=24 mo before - -"],
    ),
    (
        "Drug X «within 28 days» or drug Y «within 14 days before screening»",
        ["recency <=28 d before screening -", "recency <=14 d before screening -"],
    ),
    (
        "Stroke «in the last 5 years» or surgery «within 14 days before screening»",
        ["recency <=5 a before - past", "recency <=14 d before screening -"],
    ),
    (
        "EDSS ≤ 5 «at screening», «baseline» and «visit 3»",
        ["recency - - - screening -", "recency - - - baseline -", "recency - - - visit -"],
    ),
    (
        "Cold «now» or «less than 2 weeks ago»",
        ["recency - - - - -", "recency <2 wk before - -"],
    ),
    (
        "Pregnant «at screening» or «during the study»",
        ["recency - - - screening -", "recency - - during study -"],
    ),
    (
        "Antibiotics «6 months or less prior to screening», «prior to randomization»",
        ["recency <=6 mo before screening -", "recency - - before randomization -"],
    ),
]

NEGATIVE = [
    "Asthma by current GINA criteria",
    "Fit for resection as per current guidelines",
    "Cirrhosis according to the current consensus of hepatologists",
    "Participating in the project", "A visit that takes place", "Relapse no earlier than that",
    "Cancer screening blood test", "Confirmed by medical history", "Under the tongue",
    "Used to read", "To be completed by the nurse",
    "Low mood on more than half of the days",
    "Delivery at 24+6 weeks",
    "18 years or older", "aged 18-65 years", "Age ≥ 18 years", "Patients ≥ 18 years",
    "Age: 18 to 75 years",
    "Adults over 65 years of age", "Men and women between 18 and 60 years", "at least 18 years old",
    "Infants 6 months of age or younger", "under 12 years of age", "12-year-old children",
    "Life expectancy of at least 12 weeks", "Life expectancy > 3 months",
    "Expected survival of more than 6 months",
    "> 6 months life expectancy", "> 6 months life span", "Gestational age < 36 weeks",
    "Between 24 and 36 weeks of gestation",
    "Singleton pregnancy at 28 weeks gestation", "6-minute walk test ≥ 150 m",
    "6 minute walk distance",
    "24-hour urine protein > 3 g", "24 h urine collection", "5-year survival", "12-lead ECG",
    "2-hour plasma glucose > 200 mg/dL",
    "72-hour Holter", "every 3 weeks", "twice a week", "per day",
    "once in 3 months", "3 times a week", "10 cigarettes a day", "more than 14 drinks per week",
    "dialysis 3 days per week", "visit at week 12", "type 2 diabetes", "PT ≤ 4 seconds",
    "QTc > 450 ms", "heart rate 60 beats/min",
    "creatinine clearance 60 mL/min", "COVID-19", "born in 1980", "30 pack-years",
    "30-day mortality", "active infection",
    "acute hepatitis", "chronic pain", "taking part in the trial",
    "history taking and physical examination",
    "forced expiratory volume in one second", "at the study site", "six (8) months of",
    "at least 4 weeks apart",
    "a half-life", "week", "day 3", "",
    "for the surgery", "Lesion seen on MRI", "measured using a meter", "under 12 kg",
    "no = 14 days", "ECOG 0, 1 or 2",
    "< 2 g of protein in 24 h", "score ≥ 2 on at least one day", "premature < 60 wk PCA",
    "Cisplatin on day 1 of each 21-day cycle", "pre-treatment with steroids",
    "spectacle cylinder ≥1.00D", "Myopia > 8 D", "Life expectation < 1 year",
    "Children 6 to <18 years", "Medication to be taken",
    "Dose based on treatment", "not been treated for melanoma",
    "AZT at a dose of 600 mg", "renal insufficiency (based on medical history)",
    "Contraception, ≥ 16 years", "ECOG 0-1 (≥17 y)", "women under the age of 50",
    "confirmed from the history", "patient's history alone",
]  # fmt: skip


# rows whose meaning the sentence alone does not show are written out here
SPECIAL = {
    "Trial drug within 30 days or 5 half-lives": [
        ("within 30 days", "recency <=30 d - - -"),
        ("5 half-lives", "recency <=5 {half_life} - - -"),
    ],
    "Study drug within 28 days of the first dose of study drug": [
        ("within 28 days of the first dose of study drug", "recency <=28 d - first_dose -")
    ],
    "At least 4 weeks since prior": [
        ("At least 4 weeks since", "recency >=4 wk before - -"),
        ("prior", "recency - - - - past"),
    ],
    "Pain of at least 3 months duration": [
        ("of at least 3 months duration", "duration >=3 mo - - -")
    ],
    "Steroids for over 2 weeks": [("for over 2 weeks", "duration >2 wk - - -")],
    "Medical history: asthma": [("Medical history", "recency - - - - past")],
    "Smokers, current or past": [
        ("current", "recency - - - - present"),
        ("past", "recency - - - - past"),
    ],
    "Are now taking a statin": [
        ("now", "recency - - - - present"),
        ("taking", "recency - - - - present"),
    ],
    "Pregnancy in the near future": [("in the near future", "recency - - after - future")],
    "Contraception until the end of the study": [],
}


@pytest.mark.parametrize(
    ("text", "expected"), [*NUMBERED, *UNNUMBERED], ids=lambda value: str(value)[:60]
)
def test_one_time_expression(text: str, expected: str | None) -> None:
    plain, chars = marked(text)
    wanted = SPECIAL[plain] if expected is None else [(chars[0], expected)]
    assert read(plain) == wanted


@pytest.mark.parametrize(("text", "expected"), SEVERAL, ids=lambda value: str(value)[:60])
def test_several_time_expressions(text: str, expected: list[str]) -> None:
    plain, chars = marked(text)
    assert read(plain) == list(zip(chars, expected, strict=True))


@pytest.mark.parametrize("text", NEGATIVE)
def test_no_time_expression(text: str) -> None:
    assert read(text) == []


# --- whatever is printed is read back ---------------------------------------------------------

UNITS = {
    "hours": "h", "h": "h", "hrs": "h", "days": "d", "weeks": "wk", "wks": "wk", "months": "mo",
    "mos": "mo", "month(s)": "mo", "years": "a", "yrs": "a", "minutes": "min",
    "half-lives": "{half_life}",
}  # fmt: skip
COMPARATORS = {
    "within ": "<={}", "at least ": ">={}", "≥ ": ">={}", "≥": ">={}", ">": ">{}",
    "more than ": ">{}", "< ": "<{}",
    "less than ": "<{}", "no more than ": "<={}", "≤": "<={}", "up to ": "<={}",
    "a minimum of ": ">={}", "not less than ": ">={}",
}  # fmt: skip
POINTS = {
    "prior to screening": "before screening", "before enrolment": "before enrollment",
    "before the first dose of study drug": "before first_dose", "after surgery": "after surgery",
    "prior to randomisation": "before randomization", "following the last dose": "after last_dose",
    "before signing the informed consent": "before consent",
    "prior to study entry": "before enrollment",
}  # fmt: skip
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def spelled(number: int) -> str:
    """Return the words of a number from 1 to 99 without the teens."""
    tens, ones = divmod(number, 10)
    return "-".join([TENS[tens - 2]] * (tens > 1) + ([ONES[ones - 1]] if ones else []))


numbers = st.integers(1, 99).filter(lambda n: n < 10 or n >= 20)


@given(
    number=numbers,
    form=st.sampled_from(["digits", "words", "both"]),
    unit=st.sampled_from(sorted(UNITS)),
    comparator=st.sampled_from(sorted(COMPARATORS)),
    point=st.sampled_from(sorted(POINTS)),
)
def test_generated_windows_read_back(
    number: int, form: str, unit: str, comparator: str, point: str
) -> None:
    words = spelled(number)
    printed = {"digits": str(number), "words": words, "both": f"{words} ({number})"}[form]
    window = f"{comparator}{printed} {unit} {point}"
    bounds = COMPARATORS[comparator].format(number)
    assert read(f"Rash {window}.") == [
        (window, f"recency {bounds} {UNITS[unit]} {POINTS[point]} -")
    ]


@given(
    low=st.integers(1, 50), more=st.integers(1, 50), to=st.sampled_from(["-", " - ", "–", " to "])
)
def test_generated_ranges_read_back(low: int, more: int, to: str) -> None:
    high = low + more
    window = f"{low}{to}{high} days before screening"
    assert read(f"Rash {window}") == [(window, f"recency {low}..{high} d before screening -")]


pieces = st.sampled_from(
    ["within", "6", "six", "months", "(", ")", "history of", "prior", "to", "≥", "the", "age", "or",
     "last", "dose", "before", "and", "years", "-", ",", "of", "screening", "for", "past", "5.5"]
)  # fmt: skip


@given(st.lists(pieces, max_size=25))
def test_spans_lie_in_the_text_and_do_not_overlap(words: list[str]) -> None:
    text = " ".join(words)
    last = 0
    for item in find_times(text):
        window = item.window
        assert 0 <= window.start < window.end <= len(text)
        if window.direction != "during":  # "before or during the study" overlaps by design
            assert window.start >= last
        last = max(last, window.end)
        assert (window.low is None and window.high is None) == (window.unit is None)
        assert (window.low is None) == (window.low_closed is None)
        assert (window.high is None) == (window.high_closed is None)


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    find_times(text)


def test_before_or_during_gives_both() -> None:
    assert read("Vaccine within 30 days prior to or during the study") == [
        ("within 30 days prior to or during the study", "recency <=30 d before study -"),
        ("during the study", "recency - - during study -"),
    ]


# --- parts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("6", "6"), ("1,000", "1000"), ("2.5", "2.5"), ("six", "6"), ("twenty-four", "24"),
        ("forty eight", "48"),
        ("ninety", "90"), ("six (6)", "6"), ("6 (six)", "6"), ("half a", "0.5"), ("1/2", "0.5"),
        ("3 1/2", "3.5"),
        ("1½", "1.5"), ("one and a half", "1.5"), ("a couple of", "2"), ("one hundred", "100"),
        ("six (8)", None),
    ],
)  # fmt: skip
def test_numbers(text: str, number: str | None) -> None:
    assert re.fullmatch(NUMBER, text)
    assert read_number(text) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("6 weeks and 3 months", ["6 wk", "3 mo"]),
        ("6 months or 2 years", ["6 mo", "2 a"]),
        ("3 and 6 months", []),
        ("less than10 days", ["10 d"]),
        ("1.73 m2", []),
        ("5 times the half-life", ["5 {half_life}"]),
        ("10 mg/day", []),
        ("28d", ["28 d"]),
    ],
)
def test_lengths(text: str, lengths: list[str]) -> None:
    assert [f"{length.low} {length.unit}" for length in find_lengths(text)] == lengths


def test_an_unknown_event_begins_where_the_window_ends() -> None:
    text = "Bleeding within 3 months after coiling"
    (item,) = find_times(text)
    assert item.window.reference_point == OTHER_EVENT
    assert text[item.window.end :] == " coiling"


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("the first dose of pembrolizumab", None), ("study entry", "enrollment"),
        ("the ICF signature", "consent"),
        ("initiation of study treatment", "first_dose"),
        ("the last dose of study medication", "last_dose"),
        ("completion of the study drug", "last_dose"), ("their transplant", "transplantation"),
        ("breakfast", None),
        ("the end of the study", "study_end"), ("Visit 2", "visit"),
        ("hospital discharge", "discharge"),
    ],
)  # fmt: skip
def test_reference_points(text: str, point: str | None) -> None:
    found = read_reference(text.lower(), 0)
    if text.endswith("pembrolizumab"):  # a drug's name is left to whoever reads the mentions
        assert found == ("first_dose", len("the first dose"))
    else:
        assert (found and found[0]) == point


@pytest.mark.parametrize(
    ("text", "tense"),
    [
        ("Receiving dialysis", True), ("Planned surgery", True), ("Patients on dialysis", True),
        ("History of stroke", False), ("Stroke within 6 months", False), ("Current smoker", False),
    ],
)  # fmt: skip
def test_words_that_only_say_a_period(text: str, tense: bool) -> None:
    (item,) = find_times(text)
    assert is_tense(text, item) is tense


# --- data and speed ---------------------------------------------------------------------------


def test_tables_hold_published_values_and_good_patterns() -> None:
    for row in read_table("period_words"):
        assert row["period"] in ("", *get_args(Period)), row
        assert row["direction"] in ("", *get_args(Direction)), row
        assert row["window"] in ("yes", "no"), row
        assert row["stems"], row
    for name in ("period_words", "reference_points", "time_units"):
        rows = read_table(name)
        assert len({row["id"] for row in rows}) == len(rows)
        assert all(row["source"] for row in rows)
        for row in rows:
            re.compile(row["pattern"].replace("{", "(").replace("}", ")"))
    for lists in read_words("time_words").values():
        for pattern in lists.values():
            re.compile(pattern)


LONG = [
    "within 6 months prior to " * 800, "age 18 to 65 years or " * 900, "6 " * 10_000, "1" * 20_000,
    "history of " * 1_800, "six (6) " * 2_500, "prior to the first dose of " * 740, "for " * 5_000,
    " " * 20_000,
    "the " * 5_000, "at the time of the date of " * 740, "a" * 20_000, "6-" * 10_000,
    "twenty " * 2_900, "(((((" * 4_000,
]  # fmt: skip


@pytest.mark.parametrize("text", LONG, ids=lambda text: text[:12])
def test_the_spans_of_a_long_line_lie_in_it(text: str) -> None:
    places = [(t.window.start, t.window.end) for t in find_times(text[:20_000])]
    assert places == sorted(places)
    assert all(0 <= start < end <= len(text) for start, end in places)


def test_a_long_line_is_read_like_its_parts() -> None:
    piece = "no stroke within 6 months before enrolment; "
    assert len(find_times(piece * 400)) == 400


def test_the_component_stores_what_the_function_finds() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("critextract_temporal")
    doc = nlp("No MI within 6 months before enrolment")
    assert list(doc._.critextract_times) == find_times(doc.text)
