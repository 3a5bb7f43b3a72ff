#!/bin/sh
# Install what the project needs, all of it inside the checkout.
#   requirements/setup.sh python | emulator | node | web | lighthouse | sam
#   requirements/setup.sh has-lambda-python     says by its exit code whether sam finds its Python
# One line per step; what the tools say goes to a log that a failure names.
set -eu
cd "$(dirname "$0")/.."

VENV=.venv/bin/python
LOG=.topk/setup.log
mkdir -p .topk
export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 PIP_DISABLE_PIP_VERSION_CHECK=1

stop() {
    echo "setup: $1" >&2
    exit 1
}

is_python() { # command: whether it runs and is new enough
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for name in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
        if is_python "$name"; then
            echo "$name"
            return
        fi
    done
    stop "Python 3.11 or newer is needed; none found as ${PYTHON:-python3} or python3.11 to python3.14 (say which with PYTHON=...)"
}

is_lambda_python() { # command: whether it runs and is what the functions run on
    "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' >/dev/null 2>&1
}

find_lambda_python() {
    for name in "${LAMBDA_PYTHON:-python3.13}" python3.13 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13.*/bin/python3.13; do
        if is_lambda_python "$name"; then
            command -v "$name"
            return
        fi
    done
    stop "Python 3.13, on which Lambda runs the functions, is needed; none found (say which with LAMBDA_PYTHON=...)"
}

need_node() {
    command -v node >/dev/null 2>&1 || stop "Node.js 20.19 or newer is needed; no node found"
    version=$(node --version 2>/dev/null || echo unknown)
    major=${version#v}
    major=${major%%.*}
    case $major in
        '' | *[!0-9]*) stop "Node.js 20.19 or newer is needed; node --version says $version" ;;
    esac
    minor=${version#v*.}
    [ "$major" -gt 20 ] || { [ "$major" -eq 20 ] && [ "${minor%%.*}" -ge 19 ]; } ||
        stop "Node.js 20.19 or newer is needed; found $version"
    command -v npm >/dev/null 2>&1 || stop "npm, which comes with Node.js, is needed; none found"
}

logged() { # the rest is a command, its output goes to the log
    "$@" >>"$LOG" 2>&1 || stop "'$*' failed; see $LOG"
}

step() { # what, then a function
    printf '%s ... ' "$1"
    began=$(date +%s)
    $2
    echo "$(($(date +%s) - began)) s"
}

has_uv() {
    [ -x "$VENV" ] && "$VENV" -m uv --version >/dev/null 2>&1
}

install_python() {
    if ! has_uv; then
        logged "$python" -m venv --clear .venv
        logged "$VENV" -m pip install --quiet --require-hashes -r requirements/uv.txt
    fi
    logged "$VENV" -m uv pip sync --quiet --python "$VENV" --require-hashes requirements/dev.txt
    logged "$VENV" -m uv pip install --quiet --python "$VENV" --no-deps --no-build-isolation --editable .
}

install_emulator() {
    bin=.topk/emulator-venv/bin/python
    logged "$VENV" -m uv venv --quiet --clear --no-project --python "$VENV" .topk/emulator-venv
    logged "$VENV" -m uv pip sync --quiet --python "$bin" --require-hashes requirements/emulator.txt
}

install_sam() {
    logged "$VENV" -m uv venv --quiet --clear --no-project --python "$lambda_python" .topk/lambda-venv
    logged "$VENV" -m uv pip sync --quiet --python .topk/lambda-venv/bin/python --require-hashes requirements/runtime.txt
    logged "$VENV" -m uv venv --quiet --clear --no-project --python "$VENV" .topk/sam-venv
    logged "$VENV" -m uv pip sync --quiet --python .topk/sam-venv/bin/python --require-hashes requirements/sam.txt
}

install_node() {
    logged npm ci --no-audit --no-fund --loglevel=error
}

install_web() {
    logged npm --prefix web ci --no-audit --no-fund --loglevel=error
}

install_lighthouse() {
    logged npm --prefix web/lighthouse ci --no-audit --no-fund --loglevel=error
}

case ${1-} in
    python)
        need_node
        python=$(find_python) || exit 1
        "$python" -c 'import venv, ensurepip' >/dev/null 2>&1 ||
            stop "$python has no venv and ensurepip (on Debian and Ubuntu: the package python3-venv)"
        step "Python packages" install_python
        ;;
    emulator) step "AWS emulator" install_emulator ;;
    node)
        need_node
        step "CDK command line" install_node
        ;;
    web)
        need_node
        step "Web packages" install_web
        ;;
    lighthouse)
        need_node
        step "Lighthouse" install_lighthouse
        ;;
    has-lambda-python) (find_lambda_python) >/dev/null 2>&1 ;;
    sam)
        lambda_python=$(find_lambda_python) || exit 1
        step "Lambda runtime" install_sam
        ;;
    *) stop "say what to install: python, emulator, node, web, lighthouse or sam" ;;
esac
