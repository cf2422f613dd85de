"""The case in which a bound holds."""

import pytest

from critextract.rules import rule_to_dict
from critextract.schema import Otherwise, RuleGuard, SexGuard
from marked import MarkedReader

READ = MarkedReader()


def said(guard, names):
    """Return a guard in short: "male", "else", "not(liver)", "all(bone, not(liver))"."""
    match guard:
        case SexGuard(sex):
            return sex
        case Otherwise():
            return "else"
        case RuleGuard(rule):
            return words(rule_to_dict(rule), names)
    return None


def words(node, names):
    if node["op"] == "is":
        return names[node["mention"]]
    return f"{node['op']}({', '.join(words(arg, names) for arg in node['args'])})"


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (
            "[ALT](MEASUREMENT) < 2 x ULN in the absence of [tumour](CONDITION), or < 4 x ULN in"
            " case of [metastases](CONDITION)",
            ["not(tumour)", "metastases"],
        ),
        (
            "[ALP](MEASUREMENT) < 2 x ULN; up to 4 x ULN if [bone lesions](CONDITION) in the"
            " absence of [liver lesions](CONDITION)",
            ["all(bone lesions, not(liver lesions))", "else"],
        ),
        (
            "[ALT](MEASUREMENT) < 2 x ULN (< 4 x ULN if [bone](CONDITION) or [liver](CONDITION))",
            ["any(bone, liver)", "else"],
        ),
        (
            "[ALT](MEASUREMENT) < 2 x ULN (< 4 x ULN if no [tumour](CONDITION))",
            ["not(tumour)", "else"],
        ),
        ("[Hb](MEASUREMENT) > 12 g/dL (men) or > 11 g/dL (women)", ["male", "female"]),
    ],
)
def test_guards(marked, expected):
    mentions = READ(marked).mentions
    names = {m.id: m.text for m in mentions}
    (variable,) = (m for m in mentions if len(m.values) > 1)
    assert [said(value.guard, names) for value in variable.values] == expected
