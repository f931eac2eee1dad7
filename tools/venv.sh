#!/bin/sh
# Make a virtual environment: venv.sh PYTHON FOLDER. Debian and Ubuntu keep the module in a package of its own, which is installed where it is missing.
set -e
python=$1 folder=$2
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  { echo "Python 3.11 or later is needed, $("$python" --version) was found; name another: make PYTHON=python3.12 demo" >&2; exit 1; }
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  root=''
  [ "$(id -u)" = 0 ] || root=sudo
  echo "installing python3-venv" >&2
  { $root apt-get update -qq && $root apt-get install -y -qq --no-install-recommends python3-venv >/dev/null; } ||
    { echo "install the package python3-venv, then run make again" >&2; exit 1; }
fi
exec "$python" -m venv "$folder"
