#!/usr/bin/env bash
# own_model.sh BUILD_FOLDER: installs the libraries into a folder of its own and builds docs/examples/own_model on them, as
# somebody would who knows nothing of this source tree.
set -euo pipefail
build=$(readlink -f -- "$1")
example=$(readlink -f -- "$(dirname -- "$0")/../../docs/examples/own_model")
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

cmake --install "$build" --prefix "$folder/installed" --component development >/dev/null
cp -r "$example" "$folder/source"  # nothing of the source tree is near it
cmake -S "$folder/source" -B "$folder/build" -DCMAKE_PREFIX_PATH="$folder/installed" -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build "$folder/build" >/dev/null
if ! grep -q -- '-ffp-contract=off' "$folder/build/CMakeFiles/own_model.dir/flags.make"; then
  echo "own_model.sh: the model is not compiled with the arithmetic of the engine" >&2
  exit 1
fi
verdict=$("$folder/build/own_model")
if [[ $verdict != lax ]]; then
  echo "own_model.sh: the verdict is '$verdict', not 'lax'" >&2
  exit 1
fi
echo "a model of its own was built on the installed libraries; its verdict: $verdict"
