#!/usr/bin/env bash
# usage: same_digest.sh QANTAR [REPLICATES [SHARDS... ]]
# The content digest is that of one process whatever the shards, threads, order and MPI ranks.
set -euo pipefail
# shellcheck source=tests/cluster/common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"
replicates=${2:-4}
shards=("${@:3}")
((${#shards[@]})) || shards=(1 7)

plan "$work/one" "$replicates"
"$program" sweep run "$work/one" --threads 1 --quiet >/dev/null
expected=$(digest "$work/one")
say "one process, one thread: $expected"
for n in "${shards[@]}"; do
  for threads in 1 2 4; do
    plan "$work/s" "$replicates"
    for i in $(seq 0 $((n - 1)) | shuf); do
      "$program" sweep run "$work/s" --shard "$i/$n" --threads "$threads" --quiet >/dev/null
    done
    [[ $(digest "$work/s") == "$expected" ]] || fail "other numbers with $n shards of $threads threads"
    rm -rf -- "$work/s"
  done
  say "$n shards in any order, 1, 2 and 4 threads: the same"
done

ranks_program=$(dirname -- "$program")/qantar-mpi
if ! command -v mpirun >/dev/null || [[ ! -x $ranks_program ]]; then
  say "no MPI here; its ranks were not tried"
  exit 77
fi
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_MCA_hwloc_base_binding_policy=none OMPI_MCA_pml=ob1 OMPI_MCA_btl=self,vader
for ranks in 1 2 4; do
  plan "$work/m" "$replicates"
  timeout 300 mpirun -n "$ranks" "$ranks_program" sweep run "$work/m" --quiet >/dev/null
  files=$(find "$work/m/parts" -type f | wc -l)
  ((files == ranks)) || fail "$ranks ranks left $files files"
  [[ $(digest "$work/m") == "$expected" ]] || fail "other numbers with $ranks MPI ranks"
  rm -rf -- "$work/m"
done
say "1, 2 and 4 MPI ranks: the same, one file for each"
