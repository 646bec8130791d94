# Sourced by scripts/demo and scripts/test: makes .venv in the checkout and installs mediakit in it.
# POSIX shell functions only, so that the callers stay short. Needs Python 3.10 or newer and the package index.

root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
venv="$root/.venv"

say() { printf '== %s\n' "$*" >&2; }

# The first Python of a fitting version. A name may be there and not run (a shim of a version manager), so each is tried.
find_python() {
    for name in ${MEDIAKIT_PYTHON:-} python3.13 python3.12 python3.11 python3.10 python3 python; do
        if "$name" -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' >/dev/null 2>&1; then
            printf '%s\n' "$name"
            return 0
        fi
    done
    echo "mediakit needs Python 3.10 to 3.13 with venv (on Debian: apt install python3-venv)." >&2
    return 1
}

# Windows puts a virtual environment's programs in Scripts.
bin_of() { if [ -d "$venv/Scripts" ]; then echo "$venv/Scripts"; else echo "$venv/bin"; fi; }

make_venv() {
    if [ -d "$venv" ] && ! "$(bin_of)/python" -c 'import pip' >/dev/null 2>&1; then
        say "removing a broken .venv"
        rm -rf "$venv"
    fi
    if [ ! -d "$venv" ]; then
        python=$(find_python)
        say "making .venv with $("$python" --version)"
        "$python" -m venv "$venv"
    fi
    bin=$(bin_of)
}

# install NAME ARGUMENT...: runs pip install, once for each content of pyproject.toml and set of arguments.
install() {
    name=$1
    shift
    stamp="$venv/.mediakit-$name"
    wanted=$(cat "$root/pyproject.toml"; printf '%s ' "$@")
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
        return 0
    fi
    say "installing $name (first time: some minutes)"
    "$bin/python" -m pip install --quiet --disable-pip-version-check "$@"
    printf '%s' "$wanted" > "$stamp"
}
