"""The rules of the house that import-linter cannot see."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from atlas.settings import PREFIX, Settings

PURE = ("graph", "geo", "gaps")
FORBIDDEN_CALLS = {"open", "print", "exec", "eval"}
FORBIDDEN_METHODS = ("read_", "to_csv", "to_parquet", "to_file", "to_json", "to_feather", "to_pickle", "write_")
FORBIDDEN_MODULES = {"socket", "requests", "urllib", "http", "logging", "subprocess", "pooch", "pathlib", "os"}


def modules(checkout: Path, *rooms: str) -> list[Path]:
    return sorted(path for room in rooms for path in (checkout / room).rglob("*.py"))


def offences(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if isinstance(node.func, ast.Name) and name in FORBIDDEN_CALLS:
                found.append(f"line {node.lineno}: {name}()")
            if isinstance(node.func, ast.Attribute) and name.startswith(FORBIDDEN_METHODS):
                found.append(f"line {node.lineno}: .{name}()")
        if isinstance(node, ast.Import):
            found += [f"line {node.lineno}: {a.name}" for a in node.names if a.name.split(".")[0] in FORBIDDEN_MODULES]
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in FORBIDDEN_MODULES:
            found.append(f"line {node.lineno}: {node.module}")
    return found


def test_pure_rooms_touch_no_file_socket_or_log(checkout: Path) -> None:
    paths = modules(checkout, *(f"atlas/{room}" for room in PURE))
    assert len(paths) > 8
    found = {str(path): offences(ast.parse(path.read_text())) for path in paths}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line", ["open('x')", "frame.to_csv('x')", "import socket", "from urllib import request", "pd.read_csv('x')"]
)
def test_the_check_for_purity_can_fail(line: str) -> None:
    assert offences(ast.parse(line))


def test_modules_and_functions_keep_their_proportion(checkout: Path) -> None:
    long = {}
    for path in modules(checkout, "atlas", "web"):
        text = path.read_text()
        if len(text.splitlines()) > 400:
            long[str(path)] = len(text.splitlines())
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                doc = ast.get_docstring(node, clean=False)
                lines = (node.end_lineno or 0) - node.lineno + 1 - (len(doc.splitlines()) if doc else 0)
                if lines > 50:
                    long[f"{path}:{node.name}"] = lines
    assert long == {}


def test_the_readme_points_to_the_one_table_of_settings(checkout: Path) -> None:
    assert "(docs/reference/settings.md)" in (checkout / "README.md").read_text()
    table = (checkout / "docs/reference/settings.md").read_text()
    assert [name for name in Settings.model_fields if f"`{PREFIX}{name.upper()}`" not in table] == []


def test_every_dependency_has_its_line(checkout: Path) -> None:
    wanted = tomllib.loads((checkout / "pyproject.toml").read_text())["project"]["dependencies"]
    lines = (checkout / "docs/dependencies.md").read_text()
    assert [name for name in wanted if name not in lines] == []


def test_locks_name_no_address(checkout: Path) -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "package-lock.json"):
        text = (checkout / name).read_text()
        assert "resolved" not in text
        assert [line for line in text.splitlines() if "://" in line and '"url"' not in line] == []


def test_changelog_speaks_of_this_version(checkout: Path) -> None:
    assert "## Unreleased" in (checkout / "CHANGELOG.md").read_text()
