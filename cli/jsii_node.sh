#!/bin/sh
# Node for the CDK's library. It keeps caches in the home folder, with no setting for another place.
root=${0%/*}/..
HOME=$root/.topk/jsii exec "$root/.venv/bin/node" "$@"
