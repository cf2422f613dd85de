"""Records and patients made in one line each, to run rules on."""

from datetime import date
from decimal import Decimal

from critextract.patients.check import Checker
from critextract.patients.model import patient_from_dict
from critextract.rules import Is
from critextract.schema import Criterion, Label, Mention, Record, Value, Window

AS_OF = "2024-06-01"
TEXT = "one criterion of which all parts are read and nothing else stands beside it"


def number(text):
    return None if text is None else Decimal(text)


def value(low=None, high=None, unit=None, *, open_ends=(), set=None, **rest):
    """Return a value; ends are closed unless named in `open_ends`."""
    return Value(
        0, 3, number(low), None if low is None else "low" not in open_ends,
        number(high), None if high is None else "high" not in open_ends,
        None if set is None else tuple(map(Decimal, set)), unit=unit, **rest,
    )  # fmt: skip


def window(low=None, high=None, unit=None, *, open_ends=(), **rest):
    """Return a window; ends are closed unless named in `open_ends`."""
    return Window(
        rest.pop("start", 0), rest.pop("end", 3), rest.pop("role", "recency"),
        number(low), None if low is None else "low" not in open_ends,
        number(high), None if high is None else "high" not in open_ends, unit, **rest,
    )  # fmt: skip


def mention(name, label, text, *values, **rest):
    return Mention(name, "I1", Label(label), 4, 13, text, values=values, **rest)


def record(*mentions, rule=None, section="inclusion", text=TEXT, **rest):
    """Return a record of one criterion, exact unless said otherwise."""
    criterion = Criterion(
        "I1", section, None, 0, len(text), text, None, rule or Is(mentions[0].id),
        rest.pop("status", "exact"), rest.pop("uncovered", ()),
    )  # fmt: skip
    more = rest.pop("more", ())
    return Record("t", text, criteria=(criterion, *more), mentions=mentions, **rest)


def event(domain, name, start=None, end=None, **rest):
    return {"domain": domain, "name": name, "start": start, "end": end, **rest}


def patient(*events, sex="female", birth_date="1970-03-01", **rest):
    return patient_from_dict(
        {"id": "p", "sex": sex, "birth_date": birth_date, "events": list(events), **rest}
    )


def decide(record, patient, as_of=AS_OF, **options):
    """Return the verdict on the record's first criterion."""
    checker = Checker(date.fromisoformat(as_of), **options)
    return checker.trial(record).verdict(checker.chart(patient)).criteria[0]


def holds(record, patient, as_of=AS_OF, **options):
    return decide(record, patient, as_of, **options).holds
