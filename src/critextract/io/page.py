"""A page copied from the registry's classic site: find its eligibility part.

The page is known by its shape: the lines "Ages Eligible for Study:" and "Sexes Eligible for
Study:" and an NCT number. The eligibility part begins after those lines and ends before the
contact boilerplate; names, addresses and boilerplate are not in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from critextract.io.demographics import demographics
from critextract.schema import Demographics

_FIELD = re.compile(
    r"^[ \t|]*+(?P<name>Ages? Eligible for Study"
    r"|(?:Sex|Sexes|Genders?)(?:/Genders?)? Eligible for Study"
    r"|(?:Gender|Sex) Based(?: Eligibility)?|Accepts Healthy Volunteers|Sampling Method"
    r"|Gender Eligibility Description)"
    r"[ \t]*:[ \t|]*(?P<value>[^\r\n|]*)[^\r\n]*(?=[\r\n]|\Z)",
    re.MULTILINE | re.IGNORECASE,
)
_NCT_LABELLED = re.compile(r"Identifier[^\r\n]{0,30}?(NCT\d{8})\b")
_NCT = re.compile(r"\bNCT\d{8}\b")
_CRITERIA_TITLE = re.compile(
    r"^[ \t]*+(?:Eligibility )?Criteria[ \t]*:?[ \t]*(?=[\r\n]|\Z)", re.MULTILINE | re.IGNORECASE
)
_HEADING = re.compile(
    r"^[ \t*#-]*+(?:[\w/,]+[ \t]+){0,4}(?:Inclusion|Exclusion|Eligibility|Criteria)\b",
    re.MULTILINE | re.IGNORECASE,
)
_POPULATION = re.compile(r"^[ \t]*+Study Population\b", re.MULTILINE | re.IGNORECASE)
_BOILERPLATE = re.compile(
    r"^[ \t|#*]*+(?:To learn more about this study, you or your doctor"
    r"|Please refer to this study by its ClinicalTrials\.gov identifier"
    r"|Choosing to participate in a study is an important"
    r"|Contacts and Locations|Contact:|Contact Information|Locations?[ \t]*:?[ \t]*(?=[\r\n]|\Z)"
    r"|Layout table for location|Sponsors and Collaborators|Study Documents"
    r"|More Information|Additional Information:|Principal Investigator:|Study Director:"
    r"|Study Chair:|Responsible Party:|ClinicalTrials\.gov Identifier:|Other Study ID Numbers:"
    r"|First Posted:|Last Update Posted:|Keywords provided by)",
    re.MULTILINE | re.IGNORECASE,
)
_FROM_TO = re.compile(r"(?P<low>.+?\S)\s+to\s+(?P<high>\S.+)", re.IGNORECASE)
_AND_OLDER = re.compile(r"(?P<low>.+?\S)\s+and\s+older", re.IGNORECASE)
_UP_TO = re.compile(r"up\s+to\s+(?P<high>\S.+)", re.IGNORECASE)
_CATEGORIES = frozenset({"child", "adult", "older adult", "senior"})


@dataclass(frozen=True, slots=True)
class Page:
    """The page's NCT number, its eligibility part and its field lines."""

    nct_id: str
    start: int
    end: int
    demographics: Demographics | None
    problems: tuple[str, ...]


def find_page(text: str) -> Page | None:
    """Return where the eligibility part of a classic page is, None if `text` is no such page."""
    fields: dict[str, str] = {}
    end_of_fields = 0
    for match in _FIELD.finditer(text):
        name = _field(match["name"])
        if name not in fields:
            fields[name] = match["value"].strip()
            end_of_fields = match.end()
    sex, ages = fields.get("sex"), fields.get("age")
    if sex is None or ages is None:
        return None
    number = _NCT_LABELLED.search(text) or _NCT.search(text)
    if number is None:
        return None
    nct_id = number[number.lastindex or 0]
    start, end = _part(text, end_of_fields)
    found, problems = _demographics(ages, sex, fields.get("accepts"))
    return Page(nct_id, start, end, found, problems)


def _field(printed: str) -> str:
    """Return one name for the spellings of a field: ``age``, ``sex``, ``accepts`` or other."""
    first, *_, last = printed.lower().split()
    if last != "study":
        return first if first == "accepts" else printed
    return "age" if first.startswith("age") else "sex"


def _part(text: str, after: int) -> tuple[int, int]:
    """Return the eligibility part's range: after the fields, before boilerplate, trimmed."""
    boilerplate = _BOILERPLATE.search(text, after)
    end = boilerplate.start() if boilerplate else len(text)
    start = after
    if title := _CRITERIA_TITLE.search(text, after, end):
        start = title.end()
    elif (label := _POPULATION.search(text, after, end)) and (
        heading := _HEADING.search(text, label.end(), end)
    ):
        start = heading.start()
    while start < end and text[start] in " \t\r\n|":
        start += 1
    while end > start and text[end - 1] in " \t\r\n|":
        end -= 1
    return start, end


def page_ages(printed: str) -> tuple[str | None, str | None]:
    """Return the lower and upper age as printed, None where there is no such limit.

    "18 Years to 75 Years (Adult, Older Adult)": the bounds. The three categories alone ("Child,
    Adult, Older Adult") are what the site prints where no limit is set. Any other categories
    alone overlap with a range that the page does not print: no bound can be told.

    Raises
    ------
    ValueError : categories without a bound that do not make up all ages.
    """
    words = re.sub(r"\([^)]*\)", "", printed).strip()
    if match := _UP_TO.fullmatch(words):
        return None, match["high"]
    if match := _FROM_TO.fullmatch(words):
        return match["low"], match["high"]
    if match := _AND_OLDER.fullmatch(words):
        return match["low"], None
    named = {part.strip().lower() for part in words.split(",")}
    if named <= _CATEGORIES and len(named) < 3:
        raise ValueError(printed)
    return (None, None) if named <= _CATEGORIES else (words, None)


def _demographics(
    ages: str, sex: str, volunteers: str | None
) -> tuple[Demographics | None, tuple[str, ...]]:
    try:
        low, high = page_ages(ages)
    except ValueError:
        found, problems = demographics(sex, None, None, volunteers)
        return found, (*problems, f"age categories without bounds: {ages!r:.60}")
    return demographics(sex, low, high, volunteers)
