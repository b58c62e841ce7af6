#!/usr/bin/env bash
# own_model.sh BUILD_FOLDER: installs the libraries into a folder of its own, builds docs/examples/own_model on them, as
# somebody would who knows nothing of this source tree, and runs the three examples.
set -euo pipefail
build=$(readlink -f -- "$1")
example=$(readlink -f -- "$(dirname -- "$0")/../../docs/examples/own_model")
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

fail() {
  echo "own_model.sh: $*" >&2
  exit 1
}

cmake --install "$build" --prefix "$folder/installed" --component development >/dev/null
include=$folder/installed/include
[[ $(ls "$include") == qantar ]] || fail "more than the folder qantar lies among the headers: $(ls "$include")"
if others=$(grep -rnE '^ *# *include *["<](sim|analysis|agents|cli)/' "$include"); then
  fail "an installed header includes another one by a path that only the source tree has: $others"
fi
cp -r "$example" "$folder/source"  # nothing of the source tree is near it
for file in "$folder"/source/*.cpp; do
  lines=$(wc -l <"$file")
  ((lines < 80)) || fail "$file has $lines lines, and is to have less than 80"
done
cmake -S "$folder/source" -B "$folder/build" -DCMAKE_PREFIX_PATH="$folder/installed" >/dev/null
cmake --build "$folder/build" --parallel 2 >/dev/null
for name in own_simulator own_likelihood own_distance; do
  flags=$(cat "$folder/build/CMakeFiles/$name.dir/flags.make")
  for flag in -ffp-contract=off -O3; do
    [[ $flags == *"$flag"* ]] || fail "$name is not compiled with $flag: $flags"
  done
done

table=$("$folder/build/own_simulator")
echo "$table"
grep -qx 'verdict: lax' <<<"$table" || fail "the verdict is not 'lax'"
awk '$1 == "lax" && $2 > 0.9 { found = 1 } END { exit !found }' <<<"$table" || fail "the table has no probability above 0.9 for lax"

table=$("$folder/build/own_likelihood")
echo "$table"
grep -qx 'verdict: growing' <<<"$table" || fail "the verdict is not 'growing'"
# Of steady arrests the evidence has a closed form: counts of a Poisson law whose rate has a gamma prior.
python3 - "$(awk '$1 == "steady" { print $(NF - 3), $(NF - 1) }' <<<"$table")" <<'END' || fail "the evidence is not the exact one"
import sys
from math import lgamma, log

found, error = (float(x) for x in sys.argv[1].split())
y, shape, mean = [4, 6, 9, 11, 18, 24, 37], 2, 10
rate = shape / mean
exact = (shape * log(rate) - lgamma(shape) + lgamma(shape + sum(y)) - (shape + sum(y)) * log(rate + len(y))
         - sum(lgamma(x + 1) for x in y))
print(f"log evidence of steady arrests: {found} +- {error}, exactly {exact:.3f}")
sys.exit(not (error < 0.05 and abs(found - exact) < 4 * error + 0.001))
END

table=$("$folder/build/own_distance")
echo "$table"
grep -q '^ *0.25 .* 0\.' <<<"$table" || fail "the last tolerance was not reached"
grep -q '^growth ' <<<"$table" || fail "there is no table of parameters"
echo "three models of its own were built on the installed libraries"
