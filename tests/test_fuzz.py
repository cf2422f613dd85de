from hypothesis import example, given, settings
from hypothesis import strategies as st

import fuzz
from critextract.schema import Record
from fake_extractor import FakeExtractor

FRAGMENTS = st.sampled_from(
    [*fuzz.HEADINGS, *fuzz.MARKS, *fuzz.WORDS, *fuzz.NUMBERS, *fuzz.HOSTILE]
)
CRITERIA_LIKE = st.lists(FRAGMENTS, max_size=60).map(" ".join)
HOSTILE = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


@settings(max_examples=150, deadline=10_000)
@given(st.one_of(CRITERIA_LIKE, HOSTILE))
@example("")
@example("\n\n  \n")
@example("≥" * 3000)
@example("Inclusion Criteria:\n" + "  - " * 2000)
@example("(" * 3000)
def test_no_crash_no_hang_and_offsets_in_the_text(extractor, text):
    fuzz.check(extractor.extract(text), text)


def test_a_numbered_input_can_be_made_again():
    assert fuzz.make_text(1, 7) == fuzz.make_text(1, 7)
    assert len({fuzz.make_text(1, n) for n in range(50)}) > 40


def test_the_long_run_reports_what_fails(capsys):
    class Wrong(FakeExtractor):
        def extract(self, text):
            return Record("-", text + "!")

    assert fuzz.run(Wrong(), inputs=3, seed=1, first=5, jobs=1) == 3
    assert "input 5: AssertionError: the text was changed" in capsys.readouterr().out
