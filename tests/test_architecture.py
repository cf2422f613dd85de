"""The shape of the project: what imports what, sizes, names, and what files must not hold."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "critextract"
MODULES = sorted(PACKAGE.rglob("*.py"))
TRACKED = subprocess.run(
    ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
).stdout.split("\0")[:-1]

CORE = {
    "assumed",
    "denied",
    "changes",
    "packaged",
    "errors",
    "schema",
    "units",
    "intervals",
    "rules",
    "terms",
    "term_phrases",
    "text",
    "lexicon",
    "lexicons",
    "names",
    "conversions",
    "ucum",
    "hierarchies",
    "indented",
    "elapsed",
}
ABOVE_CORE = CORE | {"__init__"}
COMPILER = {
    "compiler",
    "leaves",
    "structure",
    "coverage",
    "cases",
    "conditions",
    "alternation",
    "combining",
    "open_joins",
    "connectives",
    "exceptions",
    "linking",
    "doubts",
    "value_doubts",
    "stated",
}
ALLOWED = {
    **dict.fromkeys(CORE, CORE),
    "components": ABOVE_CORE | {"components", "extensions"},
    "extensions": ABOVE_CORE | {"components"},
    "learn": ABOVE_CORE | {"components", "extensions", "learn", "io"},
    **dict.fromkeys(COMPILER, ABOVE_CORE | COMPILER),
    "io": ABOVE_CORE | {"io"},
    "exports": ABOVE_CORE | {"exports"},
    "patients": ABOVE_CORE | {"patients"},
    "evaluation": ABOVE_CORE | {"evaluation", "patients"},
    "pipeline": ABOVE_CORE | {"components", "compiler", "extensions", "io", "learn"},
    "api": ABOVE_CORE | {"pipeline"},
    "engines": ABOVE_CORE | {"engines", "io", "exports", "pipeline", "patients"},
    "commands": ABOVE_CORE
    | {
        "commands",
        "pipeline",
        "io",
        "exports",
        "evaluation",
        "patients",
        "engines",
        "review",
        "learn",
    },
    "review": ABOVE_CORE | {"review", "io", "exports", "evaluation", "pipeline"},
}
"""Part of the package to the parts it may import; `cli` and the package itself may import all."""

ONLY_IN = {
    "pydantic": {"io/validate.py"},
    "pint": {"units.py"},
    "ucumvert": {"units.py"},
    "medspacy": {"components/context.py", "components/sections.py"},
    "typer": {"cli.py", *(f"commands/{p.name}" for p in (PACKAGE / "commands").glob("*.py"))},
    "fhir": {"patients/fhir/validation.py"},
    "krippendorff": {"evaluation/agreement.py"},
    "matplotlib": {"exports/pictures.py"},
    "cassis": {"io/cas.py"},
    "psycopg": {"patients/omop/database.py"},
}
"""Library to the only modules that import it."""


def part(path):
    """Return the part of the package a file belongs to: ``io`` for ``io/records.py``."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path):
    """Yield the dotted names a module imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def top_imports(path):
    """Yield the libraries a module imports when it is itself imported."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]


def name_of(path):
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_down(path):
    allowed = ALLOWED.get(part(path))
    if allowed is None:
        assert part(path) in {"cli", "__init__", "__main__"}, "a new part: add it to ALLOWED"
        return
    parts = {p.name.removesuffix(".py") for p in PACKAGE.iterdir()} - {"__init__"}
    used = {name.split(".")[1] for name in imports(path) if name.startswith("critextract.")}
    assert (used & parts) - allowed - {part(path)} == set()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_libraries_stay_behind_one_module(path):
    for name in imports(path):
        homes = ONLY_IN.get(name.split(".")[0])
        assert homes is None or name_of(path) in homes, name


@pytest.mark.parametrize(
    "path", [p for p in MODULES if part(p) in {"components", "cli"}], ids=name_of
)
def test_what_starts_with_every_run_imports_nothing_heavy(path):
    heavy = {"medspacy", "scispacy", "sklearn", "pint", "pydantic", "duckdb", "scipy"}
    heavy |= {"spacy", "rich"} if part(path) == "cli" else set()
    assert set(top_imports(path)) & heavy == set()


def test_set_extension_is_called_in_one_module():
    callers = [name_of(p) for p in MODULES if "set_extension(" in p.read_text(encoding="utf-8")]
    assert callers == ["extensions.py"]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_and_functions_are_short(path):
    """Docstrings are not counted."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = sum(docstring_lines(node) for node in nodes if isinstance(node, documented))
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines - docstrings < 400
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    assert [f"{f.name}: {size(f)} lines" for f in functions if size(f) >= 40] == []
    assert path.name != "utils.py"


def size(function):
    """Return the lines of a function's signature and body."""
    return function.end_lineno - function.lineno + 1 - docstring_lines(function)


def docstring_lines(node):
    docstring = ast.get_docstring(node, clean=False)
    return docstring.count("\n") + 1 if docstring else 0


def test_importing_the_package_is_fast_and_has_no_side_effects():
    code = (
        "import sys, time; before = set(sys.modules); start = time.perf_counter();"
        "import critextract; spent = time.perf_counter() - start;"
        "new = {m.split('.')[0] for m in set(sys.modules) - before} - set(sys.stdlib_module_names);"
        "print(sorted(new), spent)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded, spent = done.stdout.rsplit(maxsplit=1)
    assert loaded == "['critextract']"
    assert float(spent) < 0.2


def test_every_public_name_is_there():
    import critextract

    for name in critextract.__all__:
        if name not in {"extract", "extract_many"}:  # they load the whole pipeline
            assert getattr(critextract, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = critextract.nothing


def test_scoring_checking_and_exports_run_without_spacy():
    parts = ("compiler", "io.records", "io.documents", "io.validate", "exports.english")
    parts += ("evaluation.sides", "evaluation.compare", "evaluation.behaviour")
    code = f"import sys; import {', '.join('critextract.' + name for name in parts)};"
    done = subprocess.run([sys.executable, "-c", code + "assert 'spacy' not in sys.modules"])
    assert done.returncode == 0


HOSTS = re.compile(
    r"pypi\.org|pythonhosted|files\.python|/simple\b|(?<!no-emit-)index-url|find-links=|/root/|/opt/"
)
TEXT_SUFFIXES = {
    "",
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".in",
    ".cff",
    ".json",
    ".tsv",
    ".cfg",
    ".jsonl",
    ".html",
    ".css",
    ".js",
}


@pytest.mark.skipif(not TRACKED, reason="not a git checkout")
def test_no_file_names_a_registry_host_or_a_machine():
    found = []
    for name in TRACKED:
        path = ROOT / name
        if name == "tests/test_architecture.py" or path.suffix not in TEXT_SUFFIXES:
            continue
        if path.is_file() and (hit := HOSTS.search(path.read_text("utf-8", errors="replace"))):
            found.append(f"{name}: {hit[0]}")
    assert found == []


@pytest.mark.parametrize("name", ["requirements-build", "requirements", "requirements-dev"])
def test_every_locked_package_has_a_hash(name):
    text = (ROOT / f"{name}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    for entry in re.split(r"\n(?=\S)", text.strip()):
        assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==\S+", entry), entry
        assert "--hash=sha256:" in entry
