import critextract


def test_extract_and_extract_many(monkeypatch, extractor):
    monkeypatch.setattr("critextract.api.default_extractor", lambda: extractor)
    text = "Inclusion Criteria:\n- Age 18 years or older\n"
    record = critextract.extract(text, id="t")
    assert (record.id, record.text) == ("t", text)
    assert record.criteria[0].rule == critextract.Is("m1")
    many = list(critextract.extract_many([text, ""]))
    assert [r.id for r in many] == ["1", "2"]
    assert many[0].criteria == record.criteria
    assert many[1].problems == ("no eligibility text",)
