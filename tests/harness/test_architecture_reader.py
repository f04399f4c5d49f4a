"""The reader of imports, seen red on a small faulty project."""

import textwrap

import pytest

from tests.harness.architecture import (
    Project,
    forbidden_imports,
    function_sizes,
    import_cycles,
    layer_faults,
    layer_of,
    long_files,
)

MAY_IMPORT = {"low": set(), "high": {"low"}}


@pytest.fixture
def project(tmp_path):
    def make(**files: str) -> Project:
        for name in ("low", "high"):
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / "__init__.py").touch()
        for name, source in files.items():
            path = tmp_path / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text(textwrap.dedent(source), encoding="utf-8")
        return Project(tmp_path, ("low", "high"))

    return make


@pytest.mark.parametrize(
    "statement",
    [
        "import high.models",
        "from high import models",
        "from high.models import Thing",
        "def later():\n    from high.models import Thing",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from high.models import Thing",
    ],
)
def test_a_lower_app_that_imports_a_higher_one_is_named(project, statement):
    line = len(statement.splitlines())
    made = project(low__models=statement, high__models="class Thing: ...")
    assert forbidden_imports(made, MAY_IMPORT, set()) == [f"low/models.py:{line}: low imports high.models"]


def test_a_higher_app_may_import_a_lower_one_and_the_free_ones_everything(project):
    made = project(low__models="", low__urls="import high.models", high__models="from low import models")
    assert forbidden_imports(made, MAY_IMPORT, {"low.urls"}) == []


def test_an_undeclared_package_may_import_nothing(project):
    made = project(low__models="", high__models="from low import models")
    assert forbidden_imports(made, {"low": set()}, set()) == ["high/models.py:1: high.models imports low.models"]


LAYERS = {"models": 1, "services": 4, "views": 6, "high:rules": 2}


def test_a_lower_layer_that_imports_a_higher_one_is_named(project):
    made = project(high__models="from . import services", high__services="from high.models import X", low__models="")
    assert layer_faults(made, {"low", "high"}, LAYERS) == [
        "high/models.py:1: high.models imports high.services, above it"
    ]


def test_a_package_counts_as_its_layer(project):
    made = project(high__models__thing="", high__views="from high.models import thing")
    (made.root / "high/models/__init__.py").write_text("from ..views import page")
    made = Project(made.root, ("high",))
    assert layer_faults(made, {"high"}, LAYERS) == [
        "high/models/__init__.py:1: high.models imports high.views, above it"
    ]


def test_a_module_without_layer_is_named(project):
    made = project(high__helpers="", low__rules="", high__rules="")
    assert layer_faults(made, {"low", "high"}, LAYERS) == [
        "high/helpers.py:1: the layer of high.helpers is not declared",
        "low/rules.py:1: the layer of low.rules is not declared",
    ]


def test_cycles_are_found_through_packages_and_not_through_types(project):
    made = project(
        low__a="from low import b",
        low__b="def later():\n    import low.c",
        low__c="from .a import x",
        high__a="from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from high.b import y",
        high__b="import high.a",
    )
    assert import_cycles(made) == [["low.a", "low.b", "low.c"]]


def test_sizes(project):
    made = project(low__a="def f():\n" + "    x = 1\n" * 3 + "\n\nasync def g(): ...\n")
    assert function_sizes(made) == {"low/a.py:1 f": 4, "low/a.py:7 g": 1}
    assert long_files(made, limit=6) == ["low/a.py:1: 7 lines"]
    assert long_files(made, limit=7) == []


@pytest.mark.parametrize(
    ("module", "layer"),
    [
        ("high.models", 1),
        ("high.models.thing", 1),
        ("high.rules", 2),
        ("high.views_errors", 6),
        ("high.staff_views", 6),
        ("high.definition.load", 1),
        ("high.definition.schema", 0),
        ("high.helpers", None),
        ("low.rules", None),
    ],
)
def test_the_layer_of_a_module(module, layer):
    particular = {"high:definition": 0, "high:definition.load": 1}
    assert layer_of(module, module.split(".")[0], LAYERS | particular) == layer


def test_migrations_are_not_read(project):
    made = project(high__migrations__first="import nothing.known\n" * 600, high__models="")
    assert sorted(made.files) == ["high", "high.models", "low"]
