"""The splitter against bullets of LCT and sections split by hand; the figures of the report."""

from __future__ import annotations

import json

import pytest

import segmentation_report as report

SHARED = report.ROOT.parent / "shared"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "corpora").is_dir(), reason="../shared/corpora is absent"),
]


def test_bullets_of_lct_dev():
    bullets = report.lct_bullets(SHARED, "dev")
    assert bullets.right / bullets.total >= 0.97


@pytest.fixture(scope="module")
def texts():
    return report.raw_texts(SHARED)


def test_sections_split_by_hand(texts):
    splits = report.hand_splits(texts)
    assert splits.f1 >= 0.93
    assert splits.section / splits.matched >= 0.98
    assert splits.parent / splits.matched >= 0.90
    assert splits.merged == 0


def test_sections_split_after_the_rules(texts):
    splits = report.hand_splits(texts, report.CHECK)
    assert splits.f1 >= 0.92
    assert splits.section / splits.matched >= 0.98
    assert splits.parent / splits.matched >= 0.90


def test_letters_outside(texts):
    outside, total = report.letters_outside([texts[key] for key in sorted(texts)[::40]])
    assert outside / total < 0.005


def test_the_cases_hold_offsets_only():
    texts = [cases.read_text(encoding="utf-8") for cases in (report.GOLD, report.CHECK)]
    lines = [line for text in texts for line in text.splitlines()]
    for line in lines:
        assert set(json.loads(line)) == {"nct_id", "sha256", "criteria", "headings"}
