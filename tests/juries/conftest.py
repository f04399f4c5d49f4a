"""Reading a PDF as text."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def pdf_text(tmp_path: Path) -> Callable[[bytes], str]:
    def read(content: bytes) -> str:
        path = tmp_path / "document.pdf"
        path.write_bytes(content)
        done = subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True, text=True)
        return re.sub(r"\s+", " ", done.stdout)

    return read
