"""FHIR R4: each resource as the events it makes, faults in one line, bundles and bulk exports."""

import gzip
import json
import sys

import pytest

from critextract.errors import InputError
from critextract.patients.fhir import read_fhir
from critextract.patients.model import Fault, Patient, day_text, patient_from_dict, patient_to_dict

PATIENT = {"resourceType": "Patient", "id": "a", "gender": "female", "birthDate": "1970-03-01"}
AT = "2024-05-01"


def bundle(*resources):
    entries = [{"resource": resource} for resource in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def write(path, data):
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def resource(kind, /, **fields):
    """Return a resource of the patient with what each type must have, unless it is given."""
    base = {"resourceType": kind, "id": "r1"}
    owner = "patient" if kind in ("Immunization", "AllergyIntolerance") else "subject"
    base[owner] = {"reference": "Patient/a"}
    status = {
        "Observation": "final",
        "Procedure": "completed",
        "Immunization": "completed",
        "Encounter": "finished",
        "MedicationRequest": "active",
        "MedicationStatement": "active",
        "MedicationAdministration": "completed",
    }
    if kind in status:
        base["status"] = status[kind]
    if kind == "MedicationRequest":
        base["intent"] = "order"
    return base | fields


def text(words):
    return {"text": words}


def coded(system, code):
    return {"coding": [{"system": system, "code": code}]}


def term(code):
    return {"coding": [{"code": code}]}


def said(event):
    """Return an event in one line: domain, name, value, limits, days."""
    parts = [event.domain, event.name]
    if event.value is not None:
        parts.append(
            f"{event.comparator or ''}{event.value}{' ' + event.unit if event.unit else ''}"
        )
    if event.ref_low is not None or event.ref_high is not None:
        parts.append(f"({event.ref_low} to {event.ref_high})")
    start, end = day_text(event.start, event.start_last), day_text(event.end, event.end_last)
    return " | ".join([*parts, f"{start or '?'} .. {end or ''}"])


def read_one(tmp_path, *resources):
    items = list(read_fhir(write(tmp_path / "b.json", bundle(PATIENT, *resources))))
    faults = [item.message for item in items if isinstance(item, Fault)]
    (patient,) = [item for item in items if isinstance(item, Patient)]
    return [said(event) for event in patient.events], faults


def condition(name="asthma", **fields):
    return resource("Condition", code=text(name), **fields)


def lab(name="sodium", **fields):
    return resource("Observation", code=text(name), effectiveDateTime=AT, **fields)


def amount(value, unit="mg/dL", **fields):
    return {"value": value, "unit": unit, "code": unit, **fields}


@pytest.mark.parametrize(("given", "expected"), [
    pytest.param(condition(onsetDateTime="2020-02-03"),
                 ["condition | asthma | 2020-02-03 .. "], id="going-on"),
    pytest.param(condition(onsetDateTime="2020-02", abatementDateTime="2021"),
                 ["condition | asthma | 2020-02 .. 2021"], id="partial-days"),
    pytest.param(condition(onsetPeriod={"start": "2020-02-03", "end": "2020-02-09"}),
                 ["condition | asthma | 2020-02-03 .. "], id="onset-period"),
    pytest.param(condition(onsetAge={"value": 20, "code": "a"}),
                 ["condition | asthma | 1990-03-01/1991-02-28 .. "], id="onset-age"),
    pytest.param(condition(), ["condition | asthma | ? .. "], id="undated"),
    pytest.param(condition(onsetString="in childhood", recordedDate="2020-02-03"),
                 ["condition | asthma | ? .. "], id="onset-in-words"),
    pytest.param(condition(recordedDate="2020-02-03"),
                 ["condition | asthma | 1970-03-01/2020-02-03 .. "], id="recorded-is-no-onset"),
    pytest.param(condition(onsetDateTime="2020-02-03", clinicalStatus=term("resolved"),
                           meta={"lastUpdated": "2021-01-01T00:00:00Z"}),
                 ["condition | asthma | 2020-02-03 .. 2020-02-03/2021-01-01"],
                 id="resolved-since-a-day-not-said"),
    pytest.param(condition(onsetDateTime="2020-02-03", clinicalStatus=term("inactive")),
                 ["condition | asthma | 2020-02-03 .. 2020-02-03/9999-12-31"], id="inactive"),
    pytest.param(condition(onsetDateTime="2020-02-03", clinicalStatus=term("recurrence")),
                 ["condition | asthma | 2020-02-03 .. "], id="recurrence"),
    pytest.param(condition(verificationStatus=term("refuted")), [], id="refuted"),
    pytest.param(condition(verificationStatus=term("entered-in-error")), [], id="in-error"),
    pytest.param(condition(verificationStatus=term("provisional")),
                 ["condition | suspected asthma | ? .. "], id="provisional"),
    pytest.param(condition("Prediabetes (finding)"), ["condition | Prediabetes | ? .. "], id="tag"),
    pytest.param(condition("History of stroke (situation)", onsetDateTime="2019-04-05"),
                 ["condition | stroke | ? .. 2019-04-05"], id="history-of"),
    pytest.param(condition("No known problems"), [], id="absent"),
    pytest.param(condition("Family history of diabetes"),
                 ["observation | Family history of diabetes | ? .. "], id="family"),
    pytest.param(condition("breast cancer", stage=[{"summary": text("Stage IIIB")}]),
                 ["condition | breast cancer | Stage IIIB {stage} | ? .. "], id="stage"),
    pytest.param(lab(valueQuantity=amount(140, "mmol/L")),
                 ["measurement | sodium | 140 mmol/L | 2024-05-01 .. "], id="quantity"),
    pytest.param(lab(valueQuantity=amount(0.1, comparator="<")),
                 ["measurement | sodium | <0.1 mg/dL | 2024-05-01 .. "], id="comparator"),
    pytest.param(lab(valueQuantity={"value": 7.25, "unit": "x 10^9/L"}),
                 ["measurement | sodium | 7.25 10*9/L | 2024-05-01 .. "], id="written-unit"),
    pytest.param(lab(valueQuantity=amount(3), referenceRange=[
                     {"low": amount(1), "high": amount(2)}]),
                 ["measurement | sodium | 3 mg/dL | (1 to 2) | 2024-05-01 .. "], id="range"),
    pytest.param(lab(valueQuantity=amount(3), referenceRange=[
                     {"low": amount(1, "g/L"), "high": amount(2)}]),
                 ["measurement | sodium | 3 mg/dL | (None to 2) | 2024-05-01 .. "],
                 id="limit-in-another-unit"),
    pytest.param(lab(valueQuantity=amount(3), referenceRange=[
                     {"high": amount(2), "appliesTo": [text("men")]}, {"high": amount(1)}]),
                 ["measurement | sodium | 3 mg/dL | 2024-05-01 .. "], id="two-ranges-whose"),
    pytest.param(lab("HIV antibody", valueCodeableConcept=coded("http://snomed.info/sct",
                                                                "260373001")),
                 ["measurement | HIV antibody | positive | 2024-05-01 .. "], id="detected"),
    pytest.param(lab("HIV antibody", valueString="Not detected"),
                 ["measurement | HIV antibody | negative | 2024-05-01 .. "], id="not-detected"),
    pytest.param(lab("HIV antibody", interpretation=[term("NEG")]),
                 ["measurement | HIV antibody | negative | 2024-05-01 .. "], id="flag-alone"),
    pytest.param(lab(valueString="<5"), ["measurement | sodium | <5 | 2024-05-01 .. "],
                 id="number-in-words"),
    pytest.param(lab("ECOG performance status", valueInteger=1),
                 ["measurement | ECOG performance status | 1 | 2024-05-01 .. "], id="integer"),
    pytest.param(lab(status="entered-in-error", valueInteger=1), [], id="observation-in-error"),
    pytest.param(lab(status="cancelled", valueInteger=1), [], id="observation-cancelled"),
    pytest.param(lab("dyspnea", category=[term("exam")], valueBoolean=False),
                 ["measurement | dyspnea | absent | 2024-05-01 .. "], id="absent-on-exam"),
    pytest.param(lab("dyspnea", category=[term("survey")], valueBoolean=False), [],
                 id="absent-is-no-event"),
    pytest.param(lab("blood pressure", component=[
                     {"code": text("systolic"), "valueQuantity": {"value": 120, "unit": "mmHg"}},
                     {"code": text("diastolic"), "valueQuantity": amount(80, "mm[Hg]")}]),
                 ["measurement | systolic | 120 mm[Hg] | 2024-05-01 .. ",
                  "measurement | diastolic | 80 mm[Hg] | 2024-05-01 .. "], id="components"),
    pytest.param(lab("Tobacco smoking status", category=[term("social-history")],
                     valueCodeableConcept=text("Former smoker")),
                 ["observation | smoking | ? .. 1970-03-01/2024-05-01"], id="former-smoker"),
    pytest.param(lab("Tobacco smoking status", valueCodeableConcept=text("Never smoker")),
                 ["observation | never smoker | 2024-05-01 .. "], id="never-smoker"),
    pytest.param(lab("Tobacco smoking status",
                     valueCodeableConcept=text("Unknown if ever smoked")), [], id="who-knows"),
    pytest.param(resource("MedicationRequest", authoredOn="2023-01-02",
                          medicationCodeableConcept=text("metformin hydrochloride 500 MG Tablet")),
                 ["drug | metformin | 2023-01-02 .. "], id="request"),
    pytest.param(resource("MedicationRequest", status="cancelled",
                          medicationCodeableConcept=text("x")), [], id="request-cancelled"),
    pytest.param(resource("MedicationRequest", intent="proposal",
                          medicationCodeableConcept=text("x")), [], id="proposal"),
    pytest.param(resource("MedicationRequest", doNotPerform=True,
                          medicationCodeableConcept=text("x")), [], id="do-not-give"),
    pytest.param(resource("MedicationRequest", status="stopped", authoredOn="2023-01-02",
                          medicationCodeableConcept=text("warfarin")),
                 ["drug | warfarin | 2023-01-02 .. 2023-01-02/9999-12-31"], id="stopped"),
    pytest.param(resource("MedicationRequest", authoredOn="2023-01-02",
                          medicationCodeableConcept=text("prednisone"), dosageInstruction=[
                              {"doseAndRate": [{"doseQuantity": amount(10, "mg")}],
                               "timing": {"repeat": {"frequency": 2, "period": 1,
                                                     "periodUnit": "d"}}}]),
                 ["drug | prednisone | 20 mg/d | 2023-01-02 .. "], id="dose-a-day"),
    pytest.param(resource("MedicationStatement", medicationCodeableConcept=text("aspirin"),
                          effectivePeriod={"start": "2023-01-02", "end": "2023-03"}),
                 ["drug | aspirin | 2023-01-02 .. 2023-03"], id="statement-period"),
    pytest.param(resource("MedicationStatement", medicationCodeableConcept=text("aspirin"),
                          effectiveDateTime="2023-01-02"),
                 ["drug | aspirin | 2023-01-02 .. "], id="statement-going-on"),
    pytest.param(resource("MedicationStatement", status="not-taken",
                          medicationCodeableConcept=text("aspirin")), [], id="not-taken"),
    pytest.param(resource("MedicationAdministration", effectiveDateTime=AT,
                          medicationReference={"reference": "#m"}, contained=[
                              {"resourceType": "Medication", "id": "m", "code": text("cisplatin")}
                          ]),
                 ["drug | cisplatin | 2024-05-01 .. 2024-05-01"], id="contained"),
    pytest.param(resource("MedicationAdministration", status="not-done", effectiveDateTime=AT,
                          medicationCodeableConcept=text("x")), [], id="not-administered"),
    pytest.param(resource("Procedure", code=text("Appendectomy (procedure)"),
                          performedDateTime="2010-06"),
                 ["procedure | Appendectomy | 2010-06 .. 2010-06"], id="procedure"),
    pytest.param(resource("Procedure", status="not-done", code=text("x")), [], id="not-done"),
    pytest.param(resource("Immunization", vaccineCode=text("influenza, seasonal"),
                          occurrenceDateTime=AT),
                 ["drug | influenza, seasonal vaccine | 2024-05-01 .. 2024-05-01"], id="vaccine"),
    pytest.param(resource("Immunization", status="not-done", vaccineCode=text("x"),
                          occurrenceDateTime=AT), [], id="no-vaccine"),
    pytest.param(resource("AllergyIntolerance", code=text("Penicillin G")),
                 ["condition | allergy to Penicillin G | ? .. "], id="allergy"),
    pytest.param(resource("AllergyIntolerance", code=text("Allergy to peanut (finding)")),
                 ["condition | Allergy to peanut | ? .. "], id="allergy-said-so"),
    pytest.param(resource("AllergyIntolerance", code=text("lactose"), type="intolerance"),
                 ["condition | intolerance to lactose | ? .. "], id="intolerance"),
    pytest.param(resource("AllergyIntolerance", code=text("No known allergy (situation)")), [],
                 id="no-allergy"),
    pytest.param(resource("AllergyIntolerance", code=text("x"),
                          verificationStatus=term("refuted")), [], id="allergy-refuted"),
    pytest.param(resource("Encounter", **{"class": {"code": "IMP"}},
                          period={"start": "2024-01-01", "end": "2024-01-05"}),
                 ["observation | hospitalization | 2024-01-01 .. 2024-01-05"], id="stay"),
    pytest.param(resource("Encounter", status="planned", **{"class": {"code": "IMP"}}), [],
                 id="planned-stay"),
    pytest.param({"resourceType": "Claim", "id": "c"}, [], id="other-types-are-passed-over"),
])  # fmt: skip
def test_events_of_a_resource(given, expected, tmp_path):
    assert read_one(tmp_path, given) == (expected, [])


@pytest.mark.parametrize(("given", "fault"), [
    pytest.param(lab(valueQuantity={"value": "high"}),
                 "(Observation/r1): valueQuantity.value: Decimal", id="no-number"),
    pytest.param(lab(valueInteger=1, valueString="a"), "Any of one field value", id="two-values"),
    pytest.param(resource("Condition", code=text("x"), onsetDateTime="2020-13-01"),
                 "(Condition/r1): onsetDateTime", id="no-such-month"),
    pytest.param(resource("Condition", code=text("x"), onsetDateTime="2020-02-02",
                          abatementDateTime="2019"), "ends 2019-12-31 before it starts",
                 id="ends-before-it-starts"),
    pytest.param(resource("Condition"), "code has neither text nor coding", id="no-name"),
    pytest.param(resource("Condition", code=text("x"), clinicalStatus=term("better")),
                 "clinicalStatus is 'better', expected one of active, inactive", id="status"),
    pytest.param(lab(status="done", valueInteger=1), "status is 'done', expected one of",
                 id="observation-status"),
    pytest.param({"resourceType": "Condition", "id": "r1", "subject": {"display": "Ann"},
                  "code": text("x")}, "names no patient by reference", id="nobodys"),
    pytest.param(resource("Condition", code=text("x"), subject={"reference": "Patient/z"}),
                 "1 resources are of 'Patient/z', expected a Patient", id="patient-missing"),
    pytest.param(resource("MedicationRequest", medicationReference={"reference": "Medication/9"}),
                 "'Medication/9' names no Medication that was read", id="medication-missing"),
    pytest.param({"resourceType": "OperationOutcome", "issue": [
                     {"severity": "error", "diagnostics": "too many results"}]},
                 "the server reports: too many results", id="server-error"),
])  # fmt: skip
def test_a_fault_costs_no_other_resource(given, fault, tmp_path):
    events, faults = read_one(tmp_path, given, condition("gout", id="r2"))
    assert events == ["condition | gout | ? .. "]
    assert len(faults) == 1
    assert fault in faults[0]
    assert faults[0].startswith(str(tmp_path / "b.json"))
    assert "\n" not in faults[0]


@pytest.mark.parametrize(("patient", "fault"), [
    pytest.param({"birthDate": "1970-02-30"}, "birthDate", id="impossible-birth"),
    pytest.param({"id": None}, "patient without id", id="no-id"),
])  # fmt: skip
def test_a_patient_that_cannot_be_read_costs_no_other(patient, fault, tmp_path):
    broken = {k: v for k, v in (PATIENT | {"id": "b"} | patient).items() if v is not None}
    items = list(read_fhir(write(tmp_path / "b.json", bundle(broken, PATIENT))))
    assert fault in items[0].message
    assert items[0].skipped
    assert [item.id for item in items[1:]] == ["a"]


@pytest.mark.parametrize(("birth", "days"), [
    ("1970-03-01", "1970-03-01"), ("1970-03", "1970-03"), ("1970", "1970"), (None, None),
])  # fmt: skip
def test_birth_is_as_exact_as_it_was_written(birth, days, tmp_path):
    data = {"resourceType": "Patient", "id": "a"} | ({"birthDate": birth} if birth else {})
    (patient,) = read_fhir(write(tmp_path / "p.json", data))
    assert day_text(patient.birth_date, patient.birth_last) == days
    assert patient.sex is None


def test_files_of_a_folder_are_read_by_their_numbers(tmp_path):
    for number in (10, 2, 1):
        write(tmp_path / f"p{number}.json", bundle({**PATIENT, "id": str(number)}))
    assert [patient.id for patient in read_fhir(tmp_path)] == ["1", "2", "10"]


def test_codes_keep_their_vocabularies(tmp_path):
    code = {
        "text": "asthma",
        "coding": [
            {"system": "http://snomed.info/sct", "code": "195967001"},
            {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "J45.909"},
        ],
    }
    data = bundle(PATIENT, resource("Condition", code=code))
    (patient,) = read_fhir(write(tmp_path / "b.json", data))
    (event,) = patient.events
    assert event.code == "195967001"
    assert ("J45.909", "ICD-10-CM") in event.codes
    assert ("195967001", "SNOMED CT") in event.codes


def test_a_substance_is_not_the_allergy_to_it(tmp_path):
    drug = {"text": "penicillin", "coding": [{"system": "http://rxnorm", "code": "7980"}]}
    data = bundle(PATIENT, resource("AllergyIntolerance", code=drug))
    (patient,) = read_fhir(write(tmp_path / "b.json", data))
    assert patient.events[0].codes == ()


def test_a_death_is_an_event(tmp_path):
    dead = PATIENT | {"deceasedDateTime": "2023-04-05T10:00:00Z"}
    (patient,) = read_fhir(write(tmp_path / "p.json", dead))
    assert [said(event) for event in patient.events] == [
        "observation | death | 2023-04-05 .. 2023-04-05"
    ]


@pytest.mark.parametrize("reference", [
    "Patient/a", "urn:uuid:11", "Patient/a/_history/3", "https://example.org/fhir/Patient/a",
])  # fmt: skip
def test_references_within_a_bundle(reference, tmp_path):
    data = bundle(resource("Condition", code=text("gout"), subject={"reference": reference}))
    data["entry"].append({"fullUrl": "urn:uuid:11", "resource": PATIENT})
    (patient,) = read_fhir(write(tmp_path / "b.json", data))
    assert [event.name for event in patient.events] == ["gout"]


def test_a_medication_by_its_ingredients(tmp_path):
    medication = {
        "resourceType": "Medication",
        "id": "m",
        "ingredient": [{"itemCodeableConcept": text(name)} for name in ("isoniazid", "rifampin")],
    }
    request = resource("MedicationRequest", medicationReference={"reference": "Medication/m"})
    assert read_one(tmp_path, request, medication) == (
        ["drug | isoniazid | ? .. ", "drug | rifampin | ? .. "], [],
    )  # fmt: skip


def test_bulk_export_by_type_gzipped(tmp_path):
    second = PATIENT | {"id": "b"}
    lines = [PATIENT, second]
    with gzip.open(tmp_path / "Patient.ndjson.gz", "wt", encoding="utf-8") as file:
        file.write("".join(json.dumps(line) + "\n" for line in lines))
    facts = [condition("gout"), condition("asthma", subject={"reference": "Patient/b"})]
    text_lines = [json.dumps(fact) for fact in facts]
    (tmp_path / "Condition.ndjson").write_text("\n".join([*text_lines, '{"cut']))
    (*patients,) = read_fhir(tmp_path)
    fault = patients.pop(0)
    assert "Condition.ndjson:3: no JSON" in fault.message
    assert [(p.id, [e.name for e in p.events]) for p in patients] == [
        ("a", ["gout"]),
        ("b", ["asthma"]),
    ]


def test_two_patients_of_one_id_are_not_mixed(tmp_path):
    write(tmp_path / "1.json", bundle(PATIENT, condition("gout")))
    write(tmp_path / "2.json", bundle(PATIENT | {"gender": "male"}, condition("asthma", id="r2")))
    fault, patient = read_fhir(tmp_path)
    assert "patient 'a' is also at" in fault.message
    assert [event.name for event in patient.events] == ["gout"]


def test_the_same_patient_on_two_pages_is_one(tmp_path):
    write(tmp_path / "1.json", bundle(PATIENT, condition("gout")))
    write(tmp_path / "2.json", bundle(PATIENT, condition("gout"), condition("asthma", id="r2")))
    (patient,) = read_fhir(tmp_path)
    assert [event.name for event in patient.events] == ["gout", "asthma"]


def test_medications_of_one_id_in_two_files_are_not_mixed(tmp_path):
    for number, drug in enumerate(("aspirin", "warfarin")):
        patient = PATIENT | {"id": f"p{number}"}
        medication = {"resourceType": "Medication", "id": "1", "code": text(drug)}
        request = resource(
            "MedicationRequest",
            medicationReference={"reference": "Medication/1"},
            subject={"reference": f"Patient/p{number}"},
        )
        write(tmp_path / f"{number}.json", bundle(patient, medication, request))
    assert [patient.events[0].name for patient in read_fhir(tmp_path)] == ["aspirin", "warfarin"]


@pytest.mark.parametrize(("content", "message"), [
    ('{"resourceType": "Bundle", "entry": [', "no JSON"),
    ("[1, 2]", "expected a FHIR resource with a resourceType"),
    ('{"resourceType": "Bundle", "entry": 3}', "entry of the Bundle is int, expected a list"),
    ('{"resourceType": "Bundle", "entry": [3]}', "entry[0]: expected an object"),
    ('{"resourceType": "Bundle", "entry": [{"resource": {}}]}', "has no resourceType"),
])  # fmt: skip
def test_broken_files_are_named(content, message, tmp_path):
    write(tmp_path / "good.json", bundle(PATIENT))
    (tmp_path / "bad.json").write_text(content)
    fault, patient = read_fhir(tmp_path)
    assert message in fault.message
    assert patient.id == "a"


def places(data, before=()):
    """Yield the path to every value of a JSON document."""
    if before:
        yield before
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, item in items if isinstance(data, dict | list) else ():
        yield from (
            places(item, (*before, key)) if isinstance(item, dict | list) else [(*before, key)]
        )


@pytest.mark.parametrize("junk", [None, 7, 1.5, "x", "", [], {}, "9999-99-99", "\x00", True])
def test_junk_in_any_place_is_a_fault_or_no_matter(junk, tmp_path):
    """No value of a bundle, put in any place, stops the reader or breaks a patient's form."""
    whole = bundle(
        PATIENT,
        condition(onsetDateTime="2020-02-03", clinicalStatus=term("active")),
        lab(valueQuantity=amount(1), referenceRange=[{"low": amount(1)}]),
        resource("MedicationRequest", medicationCodeableConcept=text("aspirin")),
        resource("Encounter", **{"class": {"code": "IMP"}}, period={"start": AT}),
    )
    for path in places(whole):
        data = json.loads(json.dumps(whole))
        inner = data
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = junk
        for item in read_fhir(write(tmp_path / "b.json", data)):
            if isinstance(item, Patient):
                assert patient_from_dict(json.loads(json.dumps(patient_to_dict(item)))).id
            else:
                assert "\n" not in item.message


def test_no_file_and_no_fhir_in_a_folder(tmp_path):
    with pytest.raises(InputError, match="no such file or folder"):
        list(read_fhir(tmp_path / "none"))
    with pytest.raises(InputError, match="no FHIR in it; expected files in"):
        list(read_fhir(tmp_path))


def test_without_the_library_its_extra_is_named(tmp_path, monkeypatch):
    from critextract.patients.fhir import validation

    validation._model.cache_clear()
    monkeypatch.setitem(sys.modules, "fhir.resources.R4B", None)
    with pytest.raises(InputError, match=r"pip install 'critextract\[fhir\]'"):
        list(read_fhir(write(tmp_path / "b.json", bundle(PATIENT))))
    validation._model.cache_clear()
