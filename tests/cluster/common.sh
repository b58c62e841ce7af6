# shellcheck shell=bash
# What the scripts of this folder share. Each gets the program as its first argument and ends with 77 when something
# that it needs is not on this machine.

program=$(realpath -- "${1:?the program qantar}")
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'status=$?; clean_up; rm -rf -- "$work"; exit "$status"' EXIT
trap 'exit 130' INT TERM

clean_up() { :; }  # a script that starts or mounts something defines its own

say() { printf '%s\n' "$*"; }
fail() {
  say "FAILED: $*" >&2
  exit 1
}

# plan FOLDER REPLICATES: the sweep of the small case, 64 trials for each replicate.
plan() {
  local design=$work/design_$2
  [[ -d $design ]] || {
    cp -r "$here/tests/support/small_case" "$design"
    sed -i "s/^replicates = .*/replicates = $2/" "$design/sweeps/line.toml"
  }
  "$program" sweep plan "$design/sweeps/line.toml" --dir "$1" >/dev/null
}

# field FOLDER NAME: a number of `sweep status --json`.
field() { "$program" sweep status "$1" --json | sed -n "s/^  \"$2\": \([0-9]*\),\{0,1\}\$/\1/p"; }

# digest FOLDER: merges, and prints the content digest.
digest() {
  "$program" sweep merge "$1" -o "$1.h5" --force --quiet --json | sed -n 's/.*"content_digest": "\([0-9a-f]*\)".*/\1/p'
}
