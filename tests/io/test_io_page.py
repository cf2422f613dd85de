"""The classic site's page as text (the pages are written for these tests)."""

import pytest
from test_io_documents import read, write

from critextract.io.page import page_ages

HEAD = """A Trial of Something
![]() |
Listing a study does not mean it has been evaluated.
ClinicalTrials.gov Identifier: NCT01234567 |
- Study Details
Study Type : | Interventional |
Choosing to participate in a study is an important personal decision. For general information.
"""
FIELDS = """Ages Eligible for Study: | {ages} |
Sexes Eligible for Study: | {sex} |
"""
CRITERIA = """Inclusion Criteria:
- Contact with a confirmed case
- Hemoglobin >9 g/dL, NCT07654321 completed
Exclusion Criteria:
- Known allergy"""
TAIL = """

To learn more about this study, you or your doctor may contact the study research staff.
Please refer to this study by its ClinicalTrials.gov identifier (NCT number): NCT01234567
Contact: Jane Doe | +1 555 0100 | jane.doe@example.org |
Responsible Party: | Jane Doe |
"""


def page(ages="18 Years to 75 Years   (Adult, Older Adult)", sex="All", more="", tail=TAIL):
    return HEAD + FIELDS.format(ages=ages, sex=sex) + more + CRITERIA + tail


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(page(), id="plain"),
        pytest.param(page(more="Gender Based: | Yes |\n"), id="gender-based"),
        pytest.param(page(more="Accepts Healthy Volunteers: | No |\n"), id="volunteers"),
        pytest.param(page(more="Accepts Healthy Volunteers: | No |\nCriteria\n\n"), id="title"),
        pytest.param(
            page(more="Sampling Method: | Probability Sample |\nStudy Population\nAll comers.\n"),
            id="population",
        ),
        pytest.param(page(tail="\n\n\n"), id="copied-to-the-end"),
        pytest.param(page(tail="\nContacts and Locations\nx"), id="contacts-heading"),
        pytest.param(page().replace(" | ", "\t").replace(" |\n", "\n"), id="tabs"),
        pytest.param(page().replace("\n", "\r\n"), id="crlf"),
    ],
)
def test_only_the_eligibility_part_becomes_text(tmp_path, text):
    docs, skips = read(write(tmp_path / "saved page.txt", text))
    assert skips == []
    assert docs[0].id == "NCT01234567"
    assert docs[0].text.replace("\r\n", "\n") == CRITERIA
    assert docs[0].text in text
    found = docs[0].demographics
    assert (found.sex, str(found.min_age.value), str(found.max_age.value)) == ("all", "18", "75")


def test_text_before_the_first_heading_is_kept(tmp_path):
    docs, _ = read(write(tmp_path / "p.txt", page(more="Adults in good health.\n")))
    assert docs[0].text == "Adults in good health.\n" + CRITERIA


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(CRITERIA, id="criteria-alone"),
        pytest.param(HEAD + CRITERIA, id="no-field-lines"),
        pytest.param(FIELDS.format(ages="18 Years and older", sex="All"), id="no-number"),
    ],
)
def test_other_text_is_no_page(tmp_path, text):
    docs, _ = read(write(tmp_path / "p.txt", text))
    assert (docs[0].id, docs[0].text, docs[0].demographics) == ("p", text, None)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("18 Years to 75 Years   (Adult, Older Adult)", ("18 Years", "75 Years")),
        ("18 Years and older   (Adult, Older Adult)", ("18 Years", None)),
        ("up to 17 Years   (Child)", (None, "17 Years")),
        ("Child, Adult, Older Adult", (None, None)),
        ("Child, Adult, Senior", (None, None)),
    ],
)
def test_page_ages(printed, expected):
    assert page_ages(printed) == expected


def test_some_categories_alone_set_no_bound_and_say_so(tmp_path):
    docs, _ = read(write(tmp_path / "p.txt", page(ages="Adult, Older Adult", sex="Female")))
    assert docs[0].demographics.min_age is None
    assert docs[0].demographics.sex == "female"
    assert docs[0].problems == ("age categories without bounds: 'Adult, Older Adult'",)


def test_page_without_criteria(tmp_path):
    text = HEAD + FIELDS.format(ages="Child, Adult, Older Adult", sex="All") + TAIL
    docs, _ = read(write(tmp_path / "p.txt", text))
    assert docs[0].text == ""
    assert docs[0].problems == ("no eligibility text",)
