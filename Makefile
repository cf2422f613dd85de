# make demo, make test, make lint need Python 3.11 and make; the environment is made in .venv.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check
LOCKS := requirements-build.txt requirements.txt requirements-dev.txt
CORPORA ?= ../shared/corpora
NAMES ?= ../shared/vocab
DEMO := src/critextract/data/demo

.PHONY: demo test lint lock train figures clean

demo: $(READY)
	$(BIN)/critextract extract $(DEMO) -o demo.jsonl
	$(BIN)/critextract show demo.jsonl

test: $(READY)
	$(BIN)/python -m pytest

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

train: $(READY)
	$(BIN)/critextract train $(CORPORA) --names $(NAMES) --gold annotations/gold/dev.jsonl --judged annotations/judged.tsv

# Prints the table of the README; python tests/figures.py ../shared --write README.md puts it there.
figures: $(READY)
	$(BIN)/python tests/figures.py ../shared

# The build tools come first and hashed: some dependencies are built from source with them.
$(READY): $(LOCKS) pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --require-hashes --requirement requirements-build.txt
	$(PIP) install --quiet --require-hashes --no-build-isolation \
	    --requirement requirements.txt --requirement requirements-dev.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# Newest versions that pyproject.toml allows, every file with its hash, no host in the files.
LOCK := $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --python-version 3.11 \
    --no-header --no-annotate --no-emit-index-url --no-emit-find-links
lock: $(READY)
	$(LOCK) requirements-build.in --output-file requirements-build.txt
	$(LOCK) pyproject.toml --constraint requirements-build.txt --output-file requirements.txt
	$(LOCK) --group dev --constraint requirements.txt --output-file requirements-dev.txt

clean:
	rm -rf $(VENV) demo.jsonl .pytest_cache .mypy_cache .ruff_cache .hypothesis
