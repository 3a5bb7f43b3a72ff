#!/bin/sh
# Runs the app with the Python that `make setup` installed, wherever the CDK was started from.
cd "$(dirname "$0")/.." || exit
python=.venv/bin/python
if [ ! -x "$python" ]; then
    echo "run make setup first: $PWD/$python is missing" >&2
    exit 1
fi
exec "$python" -O -m infra_cdk.app
