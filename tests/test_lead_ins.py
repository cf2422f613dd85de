"""Lead-ins: what holds their items, and in which case."""

import pytest

from critextract.rules import rule_to_dict

ITEMS = "\n   - gout\n   - asthma\n   - psoriasis\n"


def outline(record):
    """Return the first criterion's rule, its items by number, and its status."""
    names = {m.id: m.text.lower() for m in record.mentions}

    def line(node):
        match node:
            case {"op": "is", "mention": id_}:
                return names[id_]
            case {"op": "criterion", "id": id_}:
                return id_.rsplit(".", maxsplit=1)[-1]
            case {"op": "at_least", "n": n, "args": args}:
                return f"at_least {n}({' '.join(map(line, args))})"
        return f"{node['op']}({' '.join(map(line, node['args']))})"

    first = record.criteria[0]
    return f"{line(rule_to_dict(first.rule))} {first.status}"


@pytest.mark.parametrize(
    ("section", "lead_in", "expected"),
    [
        ("Inclusion", "Female patients must meet one of the following:",
         "if(female any(1 2 3)) exact"),
        ("Inclusion", "Women must have:", "if(women all(1 2 3)) exact"),
        ("Inclusion", "Patients with diabetes must have any of the following:",
         "if(diabetes any(1 2 3)) exact"),
        ("Inclusion", "Patients must have at least one of the following:", "any(1 2 3) exact"),
        ("Inclusion", "Adults with diabetes, and must have one of the following:",
         "all(all(adults diabetes) any(1 2 3)) exact"),
        ("Exclusion", "No more than one of the following:", "not(at_least 2(1 2 3)) exact"),
        ("Exclusion", "Fewer than two of the following:", "not(at_least 2(1 2 3)) exact"),
        ("Exclusion", "At least two of the following:", "at_least 2(1 2 3) exact"),
        ("Exclusion", "Prior cancer, except:", "except(cancer 1 2 3) exact"),
        ("Inclusion", "No cancer, with the exception of:", "not(except(cancer 1 2 3)) exact"),
        ("Exclusion", "Prior cancer, including:", "any(cancer 1 2 3) exact"),
    ],
)  # fmt: skip
def test_lead_ins(extractor, section, lead_in, expected):
    record = extractor.extract(f"{section} Criteria:\n\n1. {lead_in}{ITEMS}")
    assert outline(record) == expected
