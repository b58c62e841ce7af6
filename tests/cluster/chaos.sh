#!/usr/bin/env bash
# usage: chaos.sh QANTAR [REPLICATES [KILLS]]
# A sweep whose workers are killed at random, whose disk fills up and turns read-only, ends with the digest of one that
# nothing happened to. 64 trials for each replicate: 1563 and 50 make a sweep of 10^5 trials with 50 kills.
set -euo pipefail
# shellcheck source=tests/cluster/common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"
replicates=${2:-40} kills=${3:-6} workers=2

plan "$work/calm" "$replicates"
"$program" sweep run "$work/calm" --quiet >/dev/null
expected=$(digest "$work/calm")
say "undisturbed: $(field "$work/calm" trials) trials, content $expected"

# --- killed at random
plan "$work/killed" "$replicates"
pids=()
start_worker() { # start_worker I
  "$program" sweep run "$work/killed" --shard "$1/$workers" --threads 1 --part-seconds 1 --quiet >/dev/null 2>&1 &
  pids[$1]=$!
}
clean_up() {
  for pid in "${pids[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
  if mountpoint -q "$work/small" 2>/dev/null; then umount "$work/small"; fi
}
done_before=0 struck=0
for ((i = 0; i < workers; i++)); do start_worker "$i"; done
while ((struck < kills)); do
  sleep "0.$((RANDOM % 9 + 1))"
  victim=$((RANDOM % workers))
  if kill -KILL "${pids[victim]}" 2>/dev/null; then struck=$((struck + 1)); fi
  wait "${pids[victim]}" 2>/dev/null || true
  done_now=$(field "$work/killed" "done")
  ((done_now >= done_before)) || fail "$done_before trials were sealed, and only $done_now are left"
  done_before=$done_now
  # With everything done there is nobody to kill: begin again, so that all kills strike somebody.
  if (($(field "$work/killed" missing) == 0)); then
    [[ $(digest "$work/killed") == "$expected" ]] || fail "other numbers after $struck kills"
    for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
    rm -rf -- "$work/killed"
    plan "$work/killed" "$replicates"
    done_before=0
    for ((i = 0; i < workers; i++)); do start_worker "$i"; done
  else
    start_worker "$victim"
  fi
done
for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
"$program" sweep run "$work/killed" --quiet >/dev/null
[[ $(digest "$work/killed") == "$expected" ]] || fail "other numbers after $struck kills"
left=$(find "$work/killed/parts" -name '*.tmp.*' | wc -l)
((left == 0)) || fail "$left half-written files were left behind"
say "killed $struck times: no sealed trial lost, the same content"

# --- a disk that fills up, then turns read-only
mkdir "$work/small"
if ! mount -t tmpfs -o size=6m tmpfs "$work/small" 2>/dev/null; then
  say "no disk to fill: only root may mount one; the rest is skipped"
  exit 0
fi
plan "$work/small/sweep" "$replicates"
# From no room for the trials, over no room for what is held back until a variable is closed, to room for some parts.
for left in 700000 1100000 1790000; do
  head -c $((6291456 - left)) /dev/zero >"$work/small/ballast"
  status=0
  "$program" sweep run "$work/small/sweep" --part-seconds 1 --quiet >/dev/null 2>"$work/said" || status=$?
  ((status == 3)) || fail "a disk with $left bytes left ended with $status: $(cat "$work/said")"
  grep -q "No space left" "$work/said" || fail "a disk with $left bytes left was told as: $(cat "$work/said")"
  [[ -z $(find "$work/small/sweep/parts" -name '*.tmp.*') ]] || fail "a full disk left a half-written file"
done
rm "$work/small/ballast"
mount -o remount,ro "$work/small"
status=0
"$program" sweep run "$work/small/sweep" --part-seconds 1 --quiet >/dev/null 2>"$work/said" || status=$?
((status == 3)) || fail "a read-only disk ended with $status: $(cat "$work/said")"
mount -o remount,rw,size=500m "$work/small"
"$program" sweep run "$work/small/sweep" --quiet >/dev/null
[[ $(digest "$work/small/sweep") == "$expected" ]] || fail "other numbers after a full and a read-only disk"
say "full, then read-only: named, refused, and the same content when there was room again"
