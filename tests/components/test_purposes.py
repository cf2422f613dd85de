"""What something is for, and what proves it."""

from dataclasses import replace

import pytest

from critextract.components.purposes import with_purposes
from critextract.schema import Label, Mention, Qualifier, Value, Window
from marked import parse_marked


def mentions_of(marked):
    text, candidates = parse_marked(marked)
    return text, [
        Mention(str(n), "I1", c.label, c.start, c.end, text[c.start : c.end])
        for n, c in enumerate(candidates)
    ]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[surgery](PROCEDURE) for [gout](CONDITION)", ["for gout"]),
        ("[surgery](PROCEDURE) for the treatment of [gout](CONDITION)",
         ["for the treatment of gout"]),
        ("[iron](DRUG) therapy for [anaemia](CONDITION)", ["for anaemia"]),
        ("[gout](CONDITION) confirmed by [biopsy](PROCEDURE)", ["confirmed by biopsy"]),
        ("[gout](CONDITION) confirmed by [surgery](PROCEDURE)", []),
        ("[gout](CONDITION) for [anaemia](CONDITION)", []),
        ("[surgery](PROCEDURE) or [iron](DRUG) for [anaemia](CONDITION)", []),
        ("[iron](DRUG) for [anaemia](CONDITION) or [gout](CONDITION)", []),
        ("[iron](DRUG) except for [anaemia](CONDITION)", []),
        ("[contraception](DRUG) for [fertile](CONDITION) women", []),
        ("[surgery](PROCEDURE) and [recovered](OBSERVATION)", ["recovered"]),
        ("[gout](CONDITION) and [recovered](OBSERVATION)", []),
        ("[gout](CONDITION) requiring systemic [therapy](PROCEDURE)",
         ["requiring systemic therapy"]),
        ("[gout](CONDITION) requiring [iron](DRUG)", []),
        ("[iron](DRUG) for [scurvy prophylaxis](PROCEDURE)", ["for scurvy prophylaxis"]),
        ("[iron](DRUG) for [dialysis](PROCEDURE)", []),
        ("[gout](CONDITION) confirmed by [biopsy](PROCEDURE) or [CT](PROCEDURE)",
         ["confirmed by biopsy or ct"]),
        ("[gout](CONDITION) confirmed by [biopsy](PROCEDURE) or [dialysis](PROCEDURE)", []),
        ("[gout](CONDITION) due to [obesity](CONDITION)", ["due to obesity"]),
        ("[gout](CONDITION) caused by the [iron](DRUG)", ["caused by the iron"]),
        ("[gout](CONDITION) not due to [obesity](CONDITION)", []),
        ("[gout](CONDITION) due to [obesity](CONDITION) or [sepsis](CONDITION)", []),
        ("[gout](CONDITION) or [sepsis](CONDITION) due to [obesity](CONDITION)", []),
        ("[urea](MEASUREMENT) due to [obesity](CONDITION)", []),
        ("[iron](DRUG)-induced [gout](CONDITION)", ["iron-induced"]),
        ("[iron](DRUG) related [gout](CONDITION)", ["iron related"]),
        ("[iron-based](DRUG) [surgery](PROCEDURE)", ["iron-based"]),
        ("[zinc](DRUG) or [iron](DRUG)-induced [gout](CONDITION)", []),
        ("[iron](DRUG) induced by [gout](CONDITION)", []),
        ("[gout](CONDITION) related to other [sepsis](CONDITION)", []),
        ("[gout](CONDITION) due to [factors](CONDITION) other than diet", []),
        ("non-[iron](DRUG)-induced [gout](CONDITION)", []),
        ("[iron therapy](DRUG) for [gout](CONDITION) or [sepsis](CONDITION).",
         ["for gout or sepsis"]),
        ("[iron therapy](DRUG) for [gout](CONDITION) or [sepsis](CONDITION) at last", []),
        ("[surgery](PROCEDURE) for [gout](CONDITION) or [sepsis](CONDITION)", []),
        ("[hospitalization](VISIT) for [gout](CONDITION)", ["for gout"]),
        ("[admission](VISIT) to the hospital with [gout](CONDITION)", ["with gout"]),
        ("[admission](VISIT) for [gout](CONDITION) (G)", []),
        ("[admission](VISIT) for [gout](CONDITION) or other [sepsis](CONDITION)", []),
        ("[hospitalized](VISIT) for [gout](CONDITION)", []),
        ("[hospitalization](VISIT) or [gout](CONDITION)", []),
    ],
)  # fmt: skip
def test_what_it_is_for_qualifies(marked, expected):
    text, mentions = mentions_of(marked)
    found = with_purposes(text, mentions)
    assert [q.value for m in found for q in m.qualifiers] == expected
    assert all(text[q.start : q.end].lower() == q.value for m in found for q in m.qualifiers)


def test_qualifiers_before_what_it_is_for_belong_to_the_purpose():
    text, (surgery, gout) = mentions_of("[surgery](PROCEDURE) for severe or old [gout](CONDITION)")
    said = (Qualifier("severity", "severe", 12, 18), Qualifier("other", "old", 22, 25))
    gout = Mention("1", "I1", Label.CONDITION, gout.start, gout.end, "gout", qualifiers=said)
    found = with_purposes(text, [surgery, gout])
    assert [q.value for q in found[0].qualifiers] == ["for severe or old gout"]


def test_a_purpose_in_a_list_of_qualified_names_stays():
    marked = "[surgery](PROCEDURE) for [gout](CONDITION) or severe [anaemia](CONDITION)"
    text, (surgery, gout, anaemia) = mentions_of(marked)
    start = text.index("severe")
    said = (Qualifier("severity", "severe", start, start + 6),)
    anaemia = Mention("2", "I1", Label.CONDITION, anaemia.start, anaemia.end, "x", qualifiers=said)
    assert with_purposes(text, [surgery, gout, anaemia]) == (surgery, gout, anaemia)


def test_a_time_behind_the_purpose_is_of_the_treatment():
    text, (surgery, gout) = mentions_of("[surgery](PROCEDURE) for [gout](CONDITION) last year")
    window = Window(17, 26)
    gout = Mention("1", "I1", Label.CONDITION, gout.start, gout.end, "gout", windows=(window,))
    found = with_purposes(text, [surgery, gout])
    assert [m.windows for m in found] == [(window,), ()]


@pytest.mark.parametrize(
    "said", [{"values": (Value(21, 22),)}, {"qualifiers": (Qualifier("site", "toe", 21, 24),)}]
)
def test_a_purpose_of_which_more_is_said_stays(said):
    text, (surgery, gout) = mentions_of("[surgery](PROCEDURE) for [gout](CONDITION) of a toe")
    gout = Mention("1", "I1", Label.CONDITION, gout.start, gout.end, "gout", **said)
    assert with_purposes(text, [surgery, gout]) == (surgery, gout)


def test_a_time_of_both_stays_with_what_was_done():
    text, (stay, gout) = mentions_of("[admission](VISIT) for [gout](CONDITION) last year")
    window = (Window(len(text) - 9, len(text)),)
    found = with_purposes(text, [replace(stay, windows=window), replace(gout, windows=window)])
    assert [(m.windows, len(m.qualifiers)) for m in found] == [(window, 1), ((), 0)]
