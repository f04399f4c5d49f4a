"""Secrets written in the files of the project: known shapes, and long values given to a name that says secret."""

import math
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

SHAPES = {
    "private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"),
    "cloud key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "token of a forge": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|glpat-[\w-]{20})\b"),
    "token of a chat": re.compile(r"\bxox[abprs]-[\w-]{10,}"),
    "signed token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "address with a password": re.compile(r"\b[a-z][a-z+]*://[^\s:/@\"'{}$<]+:[^\s:/@\"'{}$<]{6,}@"),
}
NAMED = re.compile(
    r"""(?ix) \b [\w-]* (?:secret|passw(?:or)?d|token|api_?key|access_key|private_key) [\w-]* ["']? \s* [:=] \s*
    ["']? (?P<value> [A-Za-z0-9+/=_.~!@\#%^&*-]{16,}) ["']? \s* (?:$|[\#,;)}])"""
)
# Bits for one character: a sentence or a path has less, a drawn secret more.
DRAWN = 3.0
# What says where a secret is read, rather than what it is.
READ_ELSEWHERE = re.compile(
    r"\$\{|env\.|os\.environ|settings\.|\(|^[a-z_.]+$|\.(?:py|html|css|js)$|^[A-Z_]+$|^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$"
)
LOCKS = (".lock", "package-lock.json")
PASSING = ("motdepasse", "test", "essai", "exemple", "x" * 6, "t" * 6)


def tracked(root: Path) -> list[Path]:
    """The files that the project publishes; without a repository, all but what a build leaves."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True).stdout
        return [root / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        left = {"node_modules", ".venv", "var"}
        return [path for path in root.rglob("*") if path.is_file() and not left & set(path.relative_to(root).parts)]


def secrets_of(text: str) -> Iterator[str]:
    """What looks like a secret, line by line: « private key, line 3 »."""
    for n, line in enumerate(text.splitlines(), 1):
        for what, shape in SHAPES.items():
            if any(not is_passing(found.group()) for found in shape.finditer(line)):
                yield f"{what}, line {n}"
        for found in NAMED.finditer(line):
            value = found["value"].strip("\"',)")
            if not READ_ELSEWHERE.search(value) and entropy(value) >= DRAWN and not is_passing(value):
                yield f"value of a secret, line {n}"


def entropy(value: str) -> float:
    counts = Counter(value)
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())


def is_passing(text: str) -> bool:
    """Made for a test or for an example, and says so."""
    return any(word in text.lower() for word in PASSING)


def faults(root: Path) -> list[str]:
    found = []
    for path in tracked(root):
        if path.name.endswith(LOCKS) or not path.is_file():
            continue
        text = path.read_bytes().decode("utf-8", "ignore")
        found += [f"{path.relative_to(root)}: {fault}" for fault in secrets_of(text)]
    return found
