"""Headings of eligibility text: where a section, an arm or a cohort begins.

Three places hold headings: a block of its own ("Exclusion Criteria:"), the start of a block that
goes on with text ("Inclusion: adults"), and the middle of run-on text ("… Exclusion Criteria: …").
The words are data, in ``lexicons/headings.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from critextract.components.heading_words import group_of, heading_words, section_of
from critextract.components.lines import Block, find_blocks
from critextract.lexicon import Words
from critextract.schema import Heading, Section

MAX_HEADING = 200  # characters; longer text is no heading
MAX_TITLE = 75  # without a colon
MAX_LABEL_WORDS = 6

_KIND = (
    r"(?:non[- ]?)?inclu[st]ions?|excl?u[st]ions?|exlcusions?|inclusionary|exclusionary|eligibility"
)
_CRITERIA = (
    r"(?:\s+(?:and|or|&)\s+(?:in|ex)clusions?|\s*[/\\]\s*(?:in|ex)clusions?)?"
    r"(?:\s+(?:criteri(?:a|on|ons|ums?|as)|requirements?|conditions?|factors?|values?))?"
)
# a heading at a block's start; what follows the colon is text
_LEAD = re.compile(
    rf"(?P<pre>(?:[\w/&'’.()\[\]+,-]+[ \t]+){{0,6}}?)(?P<kind>{_KIND})(?P<crit>{_CRITERIA})"
    r"(?P<post>(?:\s*\([^()\n]{1,80}\)"
    r"|\s*[-–—]?\s*(?:for|of|in|at|to|by|before|prior)\s[^.:;\n]{1,80})?)"
    r"\s*\**\s*(?P<close>:|;|\.(?=\s|$)|[-–—](?=\s|$)|$)",
    re.IGNORECASE,
)
# a whole block with a title's shape
_TITLE = re.compile(
    rf"(?P<pre>[^.:;]{{0,60}}?)\b(?P<kind>{_KIND})\b{_CRITERIA}(?P<post>[^.;]{{0,60}})[:.\s*_]*$",
    re.IGNORECASE,
)
# in the middle of text: capitals needed
_INLINE = Words(
    re.compile(
        r"(?<![\w(\[/-])(?P<pre>(?:(?:Key|Main|Major|General|Additional|Patient|Subject|KEY|MAIN)\s+)?)"
        r"(?P<kind>Inclusion|Exclusion|INCLUSION|EXCLUSION|Non-?[Ii]nclusion)"
        r"(?:\s+(?:[Cc]riteri(?:a|on)|CRITERI(?:A|ON)))"
        r"(?P<post>(?:\s+(?:for|FOR)\s[^.:;]{1,60})?)\s*(?:(?P<close>:)|(?=\s+[-–•*]?\s*(?:[1(A•*-]|$)))"
    )
)
_INLINE_SHORT = Words(
    re.compile(
        r"(?:(?<=[.;)]\s)|(?<=[.;)]\s\s))(?P<kind>Inclusions?|Exclusions?|INCLUSIONS?|EXCLUSIONS?)"
        r"\s*(?P<close>:)"
    )
)
_PLAIN_TITLE = re.compile(
    r"(?:Key|Main|Major|General|Additional|Primary)\s+(?:Inclusions?|Exclusions?)\W*", re.IGNORECASE
)
_OPEN_FRAME = re.compile(
    r"(?:Eligible\s+)?(?:patients|subjects|participants|volunteers)\s+(?:must(?:\s+(?:have|be|meet))?"
    r"|(?:must|may|should)\s+not(?:\s+(?:have|be))?|(?:are|will\s+be)\s+(?:excluded|ineligible)\s+if)",
    re.IGNORECASE,
)
_DASHED = Words(
    re.compile(
        r"(?:--\s?[A-Z][A-Za-z/ ]{3,40}?|(?:Disease|Patient|Donor) Characteristics"
        r"|Prior/Concurrent Therapy)\s?--"
    )
)
_CAPITALS = Words(
    re.compile(
        r"\b(?:(?:DISEASE|PATIENT|DONOR)\s+CHARACTERISTICS|PRIOR\s*/?\s*CONCURRENT\s+THERAPY)\s?:"
    )
)
_TO_BE = re.compile(r"^\s*to be \w+", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:may|might|apply|applies|applied|meet|meets|meeting|defined|removed|not|failure|does|do|listed|see|above|is|are|was"
    r"|were|will|be|who|which|met|any|same|fulfil+|violat\w+|satisfy|no|based|if|must)\b",
    re.IGNORECASE,
)
_QUANTIFIER = re.compile(
    r"\b(?:one|two|three|four|five|\d+|any|either|at least|some)\b(?!\s+study)", re.IGNORECASE
)
_EXCLUDED_WITHIN = re.compile(
    r"(?:Excluded|Required|EXCLUDED)(?=\s+(?:within|at|for|in|during|prior|if|from|less)\b)"
)
_MINOR_FOR = re.compile(
    r"(?P<word>Allowed|Required|Excluded|Recommended) (?:for|in|of) (?P<who>[\w ]{2,40}):"
)
_ALLOWED = re.compile(r"(?:Strongly )?(Allowed|Permitted|Recommended|Discouraged|Avoided)\b", re.I)
_STATES = re.compile(  # words of a lead-in that says something, and of no mere label
    r"[<>=≥≤;]|\b(?:including|following|have|has|by|as|with|such|confirmed|proven|adequate|abnormal|impaired"
    r"|active|severe|serious|history|presence|diagnosis|known|recent|documented|evidence|positive|negative)\b"
    r"|^(?:and|or)\b|\bof\s*:$",
    re.IGNORECASE,
)
_FOLLOWING = re.compile(
    r"\b(?:following|below|criteria|if|they|must|have|you|are|were|is|be)\b", re.I
)
_EDGE = " \t\r\n*_#\\[]"
_NUMBERING = re.compile(
    r"(?:\(?(?:\d{1,2}(?:\.\d{1,2})*|[A-Z]|[IVX]{1,4})\s?[.):-]\)?|\d{1,2}(?:\.\d{1,2})+)\s+(?=[A-Za-z*])"
)


def _plain(words: str) -> str:
    return " ".join(words.lower().split())


def _is_name(words: str) -> bool:
    """Tell whether words before "criteria" may name them: "Control participants", "Part B"."""
    if not (words[0].isupper() or words[0].isdigit() or words[0] in "([") or ". " in f"{words} ":
        return False
    known, people = heading_words()["frame"], heading_words()["people"]
    small = [word for word in re.findall(r"[\w'’-]+", words) if word.islower()]
    return all(word in known or people.fullmatch(word) for word in small)


class _Finder:
    """Finds the headings of one document; `base` is the section outside minor labels."""

    def __init__(self, text: str, default: Section | None) -> None:
        self.text = text
        self.base: Section = default or "inclusion"
        self.now: Section = self.base
        self.group: str | None = None
        self.found: list[Heading] = []
        self.following: Block | None = None
        self.protocol = bool(
            re.search(r"(?i)\b(?:DISEASE CHARACTERISTICS|PROTOCOL ENTRY CRITERIA)\b", text)
        )

    def run(self) -> tuple[Heading, ...]:
        blocks = find_blocks(self.text)
        for block, following in zip_longest(blocks, blocks[1:]):
            self.following = following
            self._block(block)
        return tuple(self.found)

    def _add(self, start: int, end: int, section: Section, group: str | None) -> None:
        while start < end and (self.text[start] in _EDGE):
            start += 1
        while end > start and self.text[end - 1] in " \t\r\n*_#\\[":
            end -= 1
        if end > start:
            self.found.append(Heading(start, end, section, group))

    def _major(self, start: int, end: int, section: Section, group: str | None) -> None:
        self.base = self.now = section
        self.group = group
        self._add(start, end, section, group)

    def _block(self, block: Block) -> None:
        start, end = block.start, block.end
        numbered = _NUMBERING.match(self.text, start, end)
        if numbered and re.match(
            rf"(?i)\W*(?:key |main )?(?:{_KIND})\b", self.text[numbered.end() : end]
        ):
            start = numbered.end()
        while start < end:
            after = self._leading(block, start, end)
            if after is None:
                break
            start = after
        if start < end:
            self._inside(block, start, end)

    def _leading(self, block: Block, start: int, end: int) -> int | None:
        """Take the heading at the start of the range, return where it ends, None without one."""
        while start < end and self.text[start] in _EDGE:
            start += 1
        for take in (self._characteristics, self._criteria, self._minor, self._frame, self._label):
            after = take(block, start, end)
            if after is not None:
                return after
        return None

    def _characteristics(self, _block: Block, start: int, end: int) -> int | None:
        text = self.text
        dashed = _DASHED.match(text, start, end)
        if dashed:
            self._major(start, dashed.end(), "inclusion", None)
            return dashed.end()
        match: re.Match[str] | None = heading_words()["characteristics"].match(text, start, end)
        if match is None or (not match[0].endswith(":") and match.end() < end):
            return None
        self._major(start, match.end(), "inclusion", None)
        return match.end()

    def _criteria(self, block: Block, start: int, end: int) -> int | None:
        text = self.text
        lead = _LEAD.match(text, start, min(end, start + MAX_HEADING))
        if lead and self._is_lead(lead, end):
            section = section_of(lead["kind"] + lead["crit"])
            if section is None:
                return None
            rest = lead.end()
            group = group_of(lead["post"]) or group_of(lead["pre"])
            tail = text[rest:end].strip(_EDGE)
            if (
                group is None
                and tail
                and len(tail) <= 50
                and not tail.endswith(".")
                and group_of(tail)
            ):
                whole = (
                    block.kind == ""
                    and (tail[-1] == ":" or tail[0].isupper())
                    and len(tail.split()) < 6
                )
                if whole and not _VERB.search(tail):
                    group, rest = group_of(tail), end
            self._major(start, rest, section, group)
            return rest
        if end - start > MAX_TITLE + 45:
            return None
        return self._title(block, start, end)

    def _is_lead(self, lead: re.Match[str], end: int) -> bool:
        pre, close = lead["pre"].strip(), lead["close"]
        post = "" if lead["post"].lstrip().startswith("(") else lead["post"]
        post = _TO_BE.sub("", post)
        if pre and not _is_name(pre):
            return False
        if _VERB.search(f"{pre} {post}") or "," in pre:
            return False
        if not lead["crit"].strip() and close != ":" and not (lead.end() >= end and not pre):
            return False
        if close == "" and lead.end() < end:
            return False
        alone = lead.end() >= end and not lead["post"]
        capital = lead.group()[:1].isupper() or close == ":" or alone
        return capital and (close != "." or lead["crit"].strip() != "")

    def _title(self, block: Block, start: int, end: int) -> int | None:
        words = self.text[start:end]
        title = _TITLE.match(words)
        colon = words.rstrip("*_ ").endswith(":")
        if title is None or (block.kind and not colon):
            return None
        if words.rstrip().endswith(".") or (not colon and len(words) > MAX_TITLE):
            return None
        if _VERB.search(words) or words[0].islower():
            return None
        if "criteri" not in words.lower() and not colon and not _PLAIN_TITLE.fullmatch(words):
            return None
        section = section_of(words)
        if section is None:
            return None
        self._major(start, end, section, group_of(title["post"]) or group_of(title["pre"]))
        return end

    def _minor(self, _block: Block, start: int, end: int) -> int | None:
        """Take "Excluded:", "Allowed:", and the first word of "Excluded within 30 days:"."""
        text = self.text
        colon = text.find(":", start, min(end, start + 24))
        if colon > 0:
            section = heading_words()["minor"].get(text[start:colon].strip().lower())
            if section is not None and text[start].isupper():
                if section == "other" and colon + 1 < end:
                    return None
                self.now = section
                self._add(start, colon + 1, section, self.group)
                return colon + 1
        some = _MINOR_FOR.fullmatch(text, start, end)
        if some and (group := group_of(some["who"])):
            self.now = heading_words()["minor"][some["word"].lower()]
            self._add(start, end, self.now, group)
            return end
        within = _EXCLUDED_WITHIN.match(text, start, end)
        if within and text[end - 1] == ":":
            self.now = "exclusion" if within[0][0] == "E" else "inclusion"
            self._add(start, within.end(), self.now, self.group)
            return within.end()
        return None

    def _frame(self, block: Block, start: int, end: int) -> int | None:
        """Take a line that only frames a list: "Patients with the following are excluded:"."""
        colon = self.text.find(":", start, min(end, start + MAX_HEADING))
        if colon < 0 and _OPEN_FRAME.fullmatch(self.text, start, end):
            colon = end - 1
        if block.kind or colon < 0:
            return None
        words = self.text[start : colon + 1]
        if colon + 1 < end and "following" not in words.strip("*_ "):
            words = self.text[start:end]
            if not words.rstrip("*_ ").endswith(":") or len(words) > MAX_HEADING:
                return None
        end = start + len(words)
        tokens = re.findall(r"[a-z]+", words.lower().replace("n't", " not"))
        known = heading_words()["frame"]
        people = [token for token in tokens if token not in known and len(token) > 1]
        if not tokens or not all(heading_words()["people"].fullmatch(token) for token in people):
            return None
        section = section_of(words)
        if section is None or not _FOLLOWING.search(words):
            return None
        if section == "inclusion" and _QUANTIFIER.search(words):
            return None
        if people:
            self.group = " ".join(w for w in words.split() if w.strip(",:()").lower() in people)
        self.base = self.now = section
        self._add(start, end, section, self.group)
        return end

    def _label(self, block: Block, start: int, end: int) -> int | None:
        """Take a sub-heading: an organ system, an arm, a cohort, a kind of people."""
        text = self.text
        words = text[start:end].strip("*_ ")
        if block.kind and not self._opens_list(block, words):
            return None
        strict = heading_words()["strict"].match(words)
        if strict and re.match(r"\s*:", words[strict.end() :]):
            colon = text.index(":", start) + 1
            self.group, self.now = strict[0], self.base
            self._add(start, colon, self.now, self.group)
            return colon
        if words.endswith(":") and len(words) <= MAX_TITLE and self._is_label(words):
            allowed = _ALLOWED.match(words)
            self.now = heading_words()["minor"][allowed[1].lower()] if allowed else self.base
            self.group = group_of(words) or self.group
            self._add(start, end, self.now, self.group)
            return end
        if self.protocol and not block.kind:
            if words.lower() in heading_words()["alone"]:
                self.now = self.base
                self._add(start, end, self.now, self.group)
                return end
            match: re.Match[str] | None = heading_words()["label"].match(text, start, end)
            if match and (
                _plain(match["name"]) not in heading_words()["subject"] or match.end() >= end
            ):
                self.now = self.base
                self._add(start, match.end(), self.now, self.group)
                return match.end()
        return None

    def _opens_list(self, block: Block, words: str) -> bool:
        """Tell whether a bullet names an arm or people and only opens the list below it."""
        deeper = self.following is not None and self.following.column > block.column + 1
        return (
            deeper
            and words.endswith(":")
            and len(words.split()) <= 4
            and group_of(words) is not None
        )

    def _is_label(self, words: str) -> bool:
        count = len(words.split())
        if count > MAX_LABEL_WORDS or not words[0].isupper() or _QUANTIFIER.search(words):
            return False
        words = re.sub(r"\([^()]*\)", "", words)
        return not _VERB.search(words) and not _STATES.search(words)

    def _inside(self, block: Block, start: int, end: int) -> None:
        """Take headings in the middle of run-on text."""
        for first, last, section, group, major in self._inline(block, start, end):
            if major:
                self._major(first, last, section or self.base, group)
            else:
                self.now = self.base
                self._add(first, last, self.now, self.group)

    def _inline(
        self, block: Block, start: int, end: int
    ) -> Iterator[tuple[int, int, Section | None, str | None, bool]]:
        text = self.text
        hits: list[tuple[int, int, Section | None, str | None, bool]] = []
        for pattern in (_INLINE, _INLINE_SHORT):
            for match in pattern.finditer(text, start, end):
                group = group_of(match["post"]) if "post" in match.re.groupindex else None
                hits.append((*match.span(), section_of(match["kind"]), group, True))
        for pattern in (_DASHED, _CAPITALS):
            found = pattern.finditer(text, start, end)
            hits.extend((*match.span(), "inclusion", None, True) for match in found)
        if self.protocol:
            for match in heading_words()["label"].finditer(text, start, end):
                if block.kind and match.start() == start:
                    continue
                if _plain(match["name"]) not in heading_words()["subject"]:
                    hits.append((*match.span(), None, None, False))
        position = start
        for hit in sorted(hits, key=lambda item: item[:2]):
            if hit[0] >= position:
                position = hit[1]
                yield hit


def find_headings(text: str, default_section: Section | None = None) -> tuple[Heading, ...]:
    """Return the headings of an eligibility text in order, none overlapping another.

    Parameters
    ----------
    text : the eligibility text as its source holds it, before any clean-up.
    default_section : section before the first heading, from a file's name; None where unknown.

    A heading's range has neither its list marker nor its Markdown signs. A sub-heading ("Hepatic:")
    has the section and group it stands under.
    """
    return _Finder(text, default_section).run()
