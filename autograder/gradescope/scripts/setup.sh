#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the container from the upload.
set -euo pipefail

source=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=${AUTOGRADER_VENV:-/opt/autograder}

# The grader needs Python 3.11 or later; the version it was tried with comes first.
python=
for version in "$(cat "$source/python.txt")" 3.13 3.12 3.11; do
    if command -v "python$version" >/dev/null && "python$version" -c 'import ensurepip, venv'; then
        python=python$version
        break
    fi
done
if [ -z "$python" ]; then
    python=python3.11
    command -v python3.12 >/dev/null && python=python3.12
    apt-get update -q
    apt-get install -y -q "$python" "$python-venv"
fi

# The libraries are for everybody: a submission runs as a user of its own and imports them.
umask 022
"$python" -m venv "$venv"
"$venv/bin/pip" install -q --no-cache-dir -r "$source/requirements.txt"
chmod -R go=rX "$venv"
libraries='import bdb, IPython, numpy; print(bdb.__file__, IPython.__file__, numpy.__file__)'
if [ "$(id -u)" = 0 ]; then
    nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups --)
    if [ "$("$venv/bin/python" -c "$libraries")" != \
        "$(HOME=/tmp "${nobody[@]}" "$venv/bin/python" -c "$libraries")" ]; then
        echo "Other users cannot use $("$venv/bin/python" -c 'import sys; print(sys.base_prefix)'):" \
            "install Python where everybody may read." >&2
        exit 1
    fi
fi

# The hidden tests are for root alone: no submission may read them, whatever its user.
if [ "$(id -u)" = 0 ]; then
    chown -R 0:0 "$source"
fi
chmod -R u=rwX,go= "$source"
if [ -n "$(find "$source" -perm /077 -print -quit)" ]; then
    echo "The hidden tests in $source can be read by others; the container was not built." >&2
    exit 1
fi
