#!/bin/sh
# Compiles the locks from pyproject.toml: exact versions and hashes for Python 3.11 to 3.13, no index address.
set -eu
cd "$(dirname "$0")/../.."
compile() {
    output=$1
    shift
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-annotate --custom-compile-command "make lock" --output-file "$output" "$@"
    echo "$output"
}
all="--group pyproject.toml:embedded --group pyproject.toml:dev"
# The largest first: the others hold the same versions.
compile requirements-dev.lock pyproject.toml $all
compile requirements-embedded.lock pyproject.toml --group pyproject.toml:embedded --constraints requirements-dev.lock
compile requirements.lock pyproject.toml --constraints requirements-dev.lock
compile requirements-node.lock --group pyproject.toml:node
