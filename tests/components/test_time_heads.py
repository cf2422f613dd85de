"""Whose time stands behind what a thing is for."""

import pytest
from test_windows import parse

from critextract.components.attach import clauses
from critextract.components.pairing import scene
from critextract.components.temporal import find_times
from critextract.components.time_heads import head_of_time


@pytest.mark.parametrize(
    ("marked", "head"),
    [
        ("d[Steroids] for [asthma] within 3 weeks", "Steroids"),
        ("Use of d[steroids] for the treatment of [asthma] within 3 weeks", "Steroids"),
        ("d[Steroids] for p[treatment] of [asthma] within 3 weeks", "Steroids"),
        ("p[Treatment] of [asthma] within 3 weeks", "Treatment"),
        ("d[Drugs] known to affect [immunity] within 7 days", "Drugs"),
        ("d[Antacids] to relieve [heartburn] symptoms in the last month", "Antacids"),
        ("p[Surgery] on the p[affected knee] within 6 months", "Surgery"),
        ("p[Injection] of d[toxin] within 3 months", "Injection"),
        ("p[Resection] of a [tumour] within 6 months", "Resection"),
        ("[Pain] due to [gout] for at least 3 months", "Pain"),
        ("d[Heparin] and p[surgery] within 6 months", "surgery"),
        ("p[Chemotherapy] with d[cisplatin] within 6 months", "cisplatin"),
        ("[Asthma] with [infection] within 6 months", "infection"),
        ("p[Surgery] for [stroke], or [cancer] within 6 months", "cancer"),
        ("p[Surgery] within 6 weeks for [stroke] within 6 months", "stroke"),
        ("d[Steroids] for [asthma] at present", "asthma"),
        ("[Allergy] to d[penicillin] within 5 years", "penicillin"),
    ],
)
def test_head_of_time(marked, head):
    text, candidates = parse(marked)
    times = find_times(text)
    view = scene(text, candidates, times, [])
    assert clauses(text) == [(0, len(text))]
    found = candidates[head_of_time(view, len(candidates) - 1, times[-1])]
    assert text[found.start : found.end].lower() == head.lower()
