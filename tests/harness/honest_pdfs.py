"""How many PDFs of a folder are refused, and with which sentence: `python -m tests.harness.honest_pdfs FOLDER`.

What the measure of H12 runs on a folder of real documents, which are not ours to publish; duplicates count once.
"""

import hashlib
import sys
from collections import Counter
from pathlib import Path

from portal.core.uploads import UploadRefused, check_content


def refusals(folder: Path) -> tuple[int, dict[str, str]]:
    """How many different files were read, and the sentence of each one refused."""
    seen, refused = set(), {}
    for path in sorted(folder.rglob("*.pdf")):
        content = path.read_bytes()
        mark = hashlib.sha256(content).digest()
        if mark in seen:
            continue
        seen.add(mark)
        try:
            check_content(path.name, content, ["pdf"])
        except UploadRefused as refusal:
            refused[path.name] = str(refusal)
    return len(seen), refused


if __name__ == "__main__":
    count, refused = refusals(Path(sys.argv[1]))
    for name, sentence in refused.items():
        print(f"{name} : {sentence}")  # noqa: T201
    print(f"{len(refused)} refusés sur {count} : {dict(Counter(refused.values()))}")  # noqa: T201
