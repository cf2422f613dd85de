"""The report of an evaluation in a real browser."""

from pathlib import Path

import pytest
from report_cases import HARD, HEBREW, gold, pred

from critextract.evaluation.evaluate import evaluate
from critextract.evaluation.tables import evaluation_dict
from critextract.review.report import About, write_report
from critextract.review.report_errors import errors_of

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    with playwright.sync_playwright() as running:
        one = running.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        yield one
        one.close()


@pytest.fixture(scope="module")
def found():
    return evaluate(gold(), pred(), resamples=50)


@pytest.fixture(scope="module")
def report(found, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(found, path, gold(), pred(), About("gold.jsonl", "pred.jsonl", "critextract"))
    return path.as_uri()


@pytest.fixture(scope="module")
def said():
    """What pages complained of, and what they fetched."""
    return []


@pytest.fixture(scope="module")
def new_page(browser, report, said):
    """Return a function that makes a page which is listened to."""

    def made(**context):
        page = browser.new_context(**context).new_page()
        page.set_default_timeout(5000)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda r: r.url.startswith((report, "about:")) or said.append(r.url))
        return page

    return made


@pytest.fixture(scope="module")
def shared_page(new_page):
    return new_page()


@pytest.fixture
def open_page(new_page, shared_page, report, said):
    """Return a function that opens the report; at the end nothing was complained of or fetched."""
    said.clear()

    def opened(address="", **context):
        page = new_page(**context) if context else shared_page
        page.goto("about:blank")  # else another address in the same page loads nothing anew
        page.goto(report + address)
        return page

    yield opened
    assert said == []


def cells(page, row):
    return (
        page.locator(row)
        .first.locator("td[data-v]")
        .evaluate_all(
            "cells => cells.map(cell => cell.dataset.v === '' ? null : Number(cell.dataset.v))"
        )
    )


def shown(page):
    """Return the numbers of the errors in the list."""
    return page.locator("#list .error").evaluate_all("all => all.map(e => Number(e.dataset.error))")


def counts(page, facet):
    return dict(
        page.locator(f"#facet-{facet} .value").evaluate_all(
            "all => all.map(v => [v.querySelector('input').dataset.value,"
            " Number(v.querySelector('output').textContent)])"
        )
    )


def pick(page, facet, value):
    page.locator(f'#facet-{facet} input[data-value="{value}"]').check()


def expected(found, **wanted):
    """Return the numbers of the errors that fit task, kinds, label or document."""
    out = []
    for n, (task, pair) in enumerate(errors_of(found)):
        labels = {item.label for item in (pair.gold, pair.pred) if item}
        holds = {
            "task": {task}, "kind": set(pair.errors), "label": labels, "doc": {pair.document}
        }  # fmt: skip
        if all(holds[facet] & set(values) for facet, values in wanted.items()):
            out.append(n)
    return out


# --- figures ----------------------------------------------------------------------------------


def test_tables_hold_the_figures_of_the_json(open_page, found):
    page = open_page()
    for name, task in evaluation_dict(found)["tasks"].items():
        micro = task["micro"]
        head = [micro[key] for key in ("support", "predicted", "precision", "recall", "f1")]
        assert cells(page, f'#table-tasks tr[data-task="{name}"]')[:5] == head
        rows = {"(micro)": micro, **task["labels"]}
        for label, score in rows.items() if task["labels"] else ():
            wanted = [score[k] for k in ("support", "predicted", "tp", "fp", "fn")]
            wanted += [score[k] for k in ("precision", "recall", "f1")]
            wanted.append(score["f1_ci"] and score["f1_ci"][0])
            assert cells(page, f'[id="task-{name}"] tr[data-label="{label}"]') == wanted, label


def test_columns_sort_both_ways_and_undefined_is_last(open_page):
    page = open_page()
    heading = page.locator("#table-tasks thead th", has_text="F1").nth(0)
    orders = []
    for _ in range(2):
        heading.get_by_role("button").click()
        column = heading.evaluate("h => h.cellIndex")
        orders.append(
            page.locator("#table-tasks tbody tr").evaluate_all(
                "(rows, c) => rows.map(r => r.cells[c].dataset.v)", column
            )
        )
    for order, falling in zip(orders, (True, False), strict=True):
        known = [float(value) for value in order if value]
        assert known == sorted(known, reverse=falling)
        assert order[len(known) :] == [""] * (len(order) - len(known))
        assert len(known) < len(order)
    assert heading.get_attribute("aria-sort") == "ascending"


def test_pictures_have_words_for_those_who_do_not_see_them(open_page):
    page = open_page()
    assert page.get_by_role("img", name="Forest plot").count() == 1
    assert page.get_by_role("img", name="Reliability curve").count() == 1


# --- filters ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param({}, id="all"),
        pytest.param({"task": ["values"]}, id="task"),
        pytest.param({"kind": ["unit"]}, id="kind"),
        pytest.param({"kind": ["missed", "spurious"]}, id="two-kinds"),
        pytest.param({"task": ["mentions.strict"], "label": ["CONDITION"]}, id="task-and-label"),
        pytest.param({"doc": ["עברית"], "kind": ["type"]}, id="document-and-kind"),
    ],
)
def test_filters_show_what_fits_and_counts_follow_the_others(open_page, found, wanted):
    page = open_page()
    page.locator("#size").select_option("100")
    for facet, values in wanted.items():
        for value in values:
            pick(page, facet, value)
    fitting = expected(found, **wanted)
    assert shown(page) == fitting[:100]
    assert page.locator("#found").inner_text().startswith(f"{len(fitting)} error")
    for facet in ("task", "kind", "label", "doc"):
        others = {name: values for name, values in wanted.items() if name != facet}
        for value, count in counts(page, facet).items():
            assert count == len(expected(found, **others, **{facet: [value]})), (facet, value)


def test_filters_can_be_taken_away_and_are_in_the_address(open_page, found):
    page = open_page("#task=values&kind=unit")
    assert shown(page) == expected(found, task=["values"], kind=["unit"])
    page.get_by_role("button", name="kind of error: unit").click()
    assert shown(page) == expected(found, task=["values"])
    assert page.evaluate("location.hash") == "#task=values"


@pytest.mark.parametrize(
    ("query", "documents"),
    [
        pytest.param("HB", {"hard"}, id="any-case"),
        pytest.param("cancer stroke", {"hard"}, id="every-word"),
        pytest.param('"stroke cancer"', set(), id="phrase"),
        pytest.param("</SCRIPT>", {"hard"}, id="markup"),
        pytest.param("סוכרת", {"עברית"}, id="right-to-left"),
        pytest.param("🩸", {"hard"}, id="sign-of-two-units"),
    ],
)
def test_search(open_page, query, documents):
    page = open_page()
    page.keyboard.press("/")
    page.keyboard.insert_text(query)
    page.locator("#chips button", has_text=query).wait_for()
    assert set(counts(page, "doc")) == documents
    assert bool(shown(page)) == bool(documents)


def test_a_field_of_the_confusion_leads_to_its_errors(open_page, found):
    page = open_page("#task-mentions.strict")
    page.locator(
        '[id="task-mentions.strict"] .heat a[aria-label*="gold CONDITION, predicted DRUG"]'
    ).click()
    (n,) = shown(page)
    task, pair = list(errors_of(found))[n]
    assert (task, pair.gold.label, pair.pred.label) == ("mentions.strict", "CONDITION", "DRUG")


def test_pages(open_page, found):
    page = open_page()
    page.locator("#size").select_option("10")
    first, total = shown(page), len(list(errors_of(found)))
    page.get_by_role("button", name="Next page").first.click()
    assert (first, shown(page)) == (list(range(10)), list(range(10, min(20, total))))
    assert page.evaluate("document.activeElement.closest('[data-pager]') !== null")
    page.get_by_role("button", name="Previous page").last.click()
    assert shown(page) == first


# --- one error --------------------------------------------------------------------------------


def number_of(found, task, document, label=None):
    """Return the number of the first error of a task in a document that has both sides."""
    for n, (name, pair) in enumerate(errors_of(found)):
        both = pair.gold and pair.pred and label in (None, pair.gold.label)
        if both and (name, pair.document) == (task, document):
            return n
    raise LookupError(task)


def test_a_link_opens_its_error_with_its_words_marked(open_page, found):
    n = number_of(found, "mentions.strict", "hard", label="CONDITION")
    page = open_page(f"#e={n + 1}")
    dialog = page.get_by_role("dialog")
    assert dialog.locator(".error").get_attribute("data-error") == str(n)
    assert (
        dialog.locator(".error .said").inner_text()
        == HARD.splitlines(keepends=True)[1][:0] + (HARD.split("\n")[1])
    )
    marked = dialog.locator(".error mark.g").all_inner_texts()
    assert marked == ["stroke"]
    assert dialog.locator(".error mark.p").all_inner_texts() == ["stroke"]
    assert dialog.locator(".whole").text_content() == HARD


def test_parts_of_a_mention_with_a_gap_are_marked_and_the_gap_is_not(open_page, found):
    wrong = [
        n
        for n, (task, pair) in enumerate(errors_of(found))
        if task == "mentions.strict" and pair.gold and pair.gold.fragments
    ]
    page = open_page(f"#e={wrong[0] + 1}")
    card = page.get_by_role("dialog").locator(".error")
    assert card.locator("mark.g").all_inner_texts() == ["liver", "cancer"]
    assert card.locator("mark.p").all_inner_texts() == ["lung ", "cancer"]
    assert card.locator("mark.g.p").all_inner_texts() == ["cancer"]


def test_right_to_left_text_is_whole_and_a_span_within_a_span_is_marked(open_page, found):
    n = number_of(found, "mentions.strict", "עברית")
    page = open_page(f"#e={n + 1}")
    dialog = page.get_by_role("dialog")
    assert dialog.locator(".whole").text_content() == HEBREW
    assert dialog.locator(".error mark.g.p").all_inner_texts() == ["sepsis"]
    assert "".join(dialog.locator(".error mark.p").all_inner_texts()) == "סוכרת sepsis"


def test_slots_that_differ_are_marked(open_page, found):
    page = open_page(f"#e={number_of(found, 'values', 'hard') + 1}")
    rows = page.get_by_role("dialog").locator("tr.differs").all_inner_texts()
    assert [row.split("\t") for row in rows] == [
        ["closedness", "closed", "open"],
        ["unit", "g/dL", "–"],
    ]


def test_rules_wrongly_called_exact_stand_beside_gold_in_words(open_page, found):
    n = number_of(found, "called exact", "hard")
    page = open_page(f"#e={n + 1}")
    both = page.get_by_role("dialog").locator(".two pre").all_inner_texts()
    assert both == ["all of:\n  Hb ≥ 9 g/dL\n  not stroke", "Hb > 9"]


def test_keys_lead_from_error_to_error(open_page):
    page = open_page("#e=2")
    for key, title in (("", "Error 2:"), ("ArrowRight", "Error 3:"), ("ArrowLeft", "Error 2:")):
        if key:
            page.keyboard.press(key)
        page.locator("#one-title", has_text=title).wait_for()
    page.keyboard.press("Escape")
    assert not page.locator("#one").is_visible()
    assert page.evaluate("location.hash") == "#errors"


def test_a_link_to_an_error_that_is_not_there_opens_none(open_page):
    page = open_page("#e=99999")
    assert not page.locator("#one").is_visible()


# --- where it is read -------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["", "#task=values", "#task-mentions.strict"])
def test_a_phone_scrolls_down_only(open_page, address):
    page = open_page(address, viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_light_dark_and_the_choice_of_the_reader(open_page):
    paper = "getComputedStyle(document.body).backgroundColor"
    light = open_page(color_scheme="light").evaluate(paper)
    page = open_page(color_scheme="dark")
    dark = page.evaluate(paper)
    assert light != dark
    page.get_by_role("button", name="Theme: auto").click()
    assert page.evaluate(paper) == light
    page.get_by_role("button", name="Theme: light").click()
    assert page.evaluate(paper) == dark


def test_paper_has_every_table_and_no_controls(open_page):
    page = open_page(color_scheme="dark")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator('[id="task-values"] table').first.is_visible()
    for control in ("#facets", "#search", "#theme"):
        assert not page.locator(control).is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
