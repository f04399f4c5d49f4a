"""Reads the project's imports and sizes with `ast`; the tables it applies are in `tests/test_architecture.py`."""

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

TOP_PACKAGES = ("portal", "calls", "applications", "juries", "support")


@dataclass(frozen=True)
class Import:
    """`importer` (a module of the project) names `target`, a module of the project, at `line`."""

    importer: str
    target: str
    line: int
    only_for_types: bool


class Project:
    """The Python files under `root`, tests and migrations apart."""

    def __init__(self, root: Path, packages: Collection[str] = TOP_PACKAGES) -> None:
        self.root = root
        paths = (path for name in packages for path in sorted((root / name).rglob("*.py")))
        self.files = {self._name(path): path for path in paths if path.parent.name != "migrations"}

    def _name(self, path: Path) -> str:
        parts = path.relative_to(self.root).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def place(self, module: str, line: int) -> str:
        return f"{self.files[module].relative_to(self.root)}:{line}"

    @cached_property
    def trees(self) -> dict[str, ast.Module]:
        return {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in self.files.items()}

    @cached_property
    def imports(self) -> list[Import]:
        return [found for name, tree in self.trees.items() for found in self._imports_of(name, tree)]

    def _imports_of(self, module: str, tree: ast.Module) -> Iterator[Import]:
        guarded = {id(node) for block in ast.walk(tree) if _is_type_checking(block) for node in ast.walk(block)}
        for node in ast.walk(tree):
            for target in self._targets(module, node):
                if target != module:
                    yield Import(module, target, node.lineno, id(node) in guarded)

    def _targets(self, module: str, node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in self.files)
        elif isinstance(node, ast.ImportFrom):
            base = self._base(module, node)
            for alias in node.names:
                deeper = f"{base}.{alias.name}"
                if deeper in self.files or base in self.files:
                    yield deeper if deeper in self.files else base

    def _base(self, module: str, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        is_package = self.files[module].name == "__init__.py"
        parts = module.split(".")
        kept = parts[: len(parts) - node.level + is_package]
        return ".".join([*kept, *([node.module] if node.module else [])])


def _is_type_checking(node: ast.AST) -> bool:
    if not isinstance(node, ast.If):
        return False
    test = node.test
    return (test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", "")) == "TYPE_CHECKING"


def package_of(module: str, packages: Collection[str]) -> str | None:
    """The longest of `packages` that holds `module`."""
    holders = [name for name in packages if module == name or module.startswith(f"{name}.")]
    return max(holders, key=len, default=None)


def forbidden_imports(project: Project, may_import: Mapping[str, Collection[str]], free: Collection[str]) -> list[str]:
    """Imports from one package into another that its row does not name. Modules of `free` may import everything."""
    faults = []
    for found in project.imports:
        source, target = (package_of(name, may_import) for name in (found.importer, found.target))
        if package_of(found.importer, free) or source == target:
            continue
        if source is None or target not in may_import[source]:
            place = project.place(found.importer, found.line)
            faults.append(f"{place}: {source or found.importer} imports {found.target}")
    return faults


def layer_faults(project: Project, apps: Collection[str], layers: Mapping[str, int]) -> list[str]:
    """Imports, inside one app, of a higher layer by a lower one; and modules whose layer is not declared.

    Keys of `layers` are read by `layer_of`.
    """
    faults = []
    for module in sorted(project.files):
        app = package_of(module, apps)
        if app and app != module and layer_of(module, app, layers) is None:
            faults.append(f"{project.place(module, 1)}: the layer of {module} is not declared")
    for found in project.imports:
        app = package_of(found.importer, apps)
        if app is None or app != package_of(found.target, apps) or app in (found.importer, found.target):
            continue
        low, high = layer_of(found.importer, app, layers), layer_of(found.target, app, layers)
        if low is not None and high is not None and high > low and not found.only_for_types:
            faults.append(
                f"{project.place(found.importer, found.line)}: {found.importer} imports {found.target}, above it"
            )
    return list(dict.fromkeys(faults))


def layer_of(module: str, app: str, layers: Mapping[str, int]) -> int | None:
    """The most particular row: `app:definition.load`, `app:definition`, `views_errors`, `views`, `urls` of `staff_urls`."""
    names = module.removeprefix(f"{app}.").split(".")
    keys = (
        f"{app}:{'.'.join(names[:2])}",
        f"{app}:{names[0]}",
        names[0],
        names[0].split("_")[0],
        names[0].split("_")[-1],
    )
    return next((layers[key] for key in keys if key in layers), None)


def import_cycles(project: Project) -> list[list[str]]:
    """Groups of modules that import one another when the program runs, each sorted."""
    graph: dict[str, set[str]] = {name: set() for name in project.files}
    for found in project.imports:
        if not found.only_for_types:
            graph[found.importer].add(found.target)
    groups: dict[str, list[str]] = {}
    reachable = {name: _reachable(graph, name) for name in graph}
    for name in graph:
        if name in reachable[name]:
            members = sorted(other for other in reachable[name] if name in reachable[other])
            groups[members[0]] = members
    return [groups[name] for name in sorted(groups)]


def _reachable(graph: Mapping[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(graph[name])
    return seen


def long_files(project: Project, limit: int) -> list[str]:
    sizes = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in project.files.items()}
    return [f"{project.place(name, 1)}: {size} lines" for name, size in sorted(sizes.items()) if size > limit]


def function_sizes(project: Project) -> dict[str, int]:
    """Lines of each function, by place and name; a decorator or a nested function counts in its holder."""
    return {
        f"{project.place(module, node.lineno)} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for module, tree in project.trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
