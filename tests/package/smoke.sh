#!/usr/bin/env bash
# smoke.sh BUILD_FOLDER [--bare]: makes the Debian package twice, which must give the same bytes, looks into it, asks apt
# whether a bare Debian 12 could install it, and runs the program out of the unpacked package. With --bare (root, network,
# debootstrap; a minute or two) it is really installed on a bare Debian 12 and run there. Leaves with 77 where there are
# no Debian tools.
set -euo pipefail
build=$(readlink -f -- "$1")
for tool in cpack dpkg-deb dpkg-shlibdeps apt-get; do
  command -v "$tool" >/dev/null || { echo "smoke.sh: skipped: no $tool" >&2; exit 77; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
  echo "smoke.sh: $*" >&2
  exit 1
}

export SOURCE_DATE_EPOCH=1640995200
for time in first second; do
  cpack --config "$build/CPackConfig.cmake" -B "$folder/$time" >"$folder/log" || fail "$(cat "$folder/log")"
done
package=$(echo "$folder"/first/qantar_*.deb)
cmp "$package" "$folder/second/$(basename "$package")" || fail "the package has other bytes when it is made again"

contents=$(dpkg-deb --contents "$package")
for file in usr/bin/qantar usr/share/man/man1/qantar.1.gz usr/share/bash-completion/completions/qantar \
  usr/share/zsh/vendor-completions/_qantar usr/share/qantar/configs/january_2022/case.toml \
  usr/share/qantar/configs/belarus_2020/case.toml usr/share/doc/qantar/copyright; do
  grep -q " \./$file\$" <<<"$contents" || fail "the package has no $file"
done
if grep -q '\.a$\|\.hpp$\|qantar-mpi' <<<"$contents"; then fail "the package holds what belongs to others: $contents"; fi
depends=$(dpkg-deb --field "$package" Depends)
for library in libc6 libhdf5-103 libboost-program-options libssl3 libspdlog libhwy; do
  grep -q "$library" <<<"$depends" || fail "the package does not depend on $library: $depends"
done
# To apt, nothing is installed: whatever is needed must come from the archive.
if ! compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null; then
  echo "note: there are no package lists, so apt was not asked"
elif apt-get -qq -s -o Dir::State::status=/dev/null -o APT::Sandbox::User=root --no-install-recommends \
  install "$package" >"$folder/log" 2>&1; then
  echo "to a bare system come $(grep -c '^Inst' "$folder/log") packages"
else
  fail "a bare Debian could not install it: $(tail -5 "$folder/log")"
fi

# A tree without .git has no revision, whatever repository lies around it.
source=$(readlink -f -- "$(dirname -- "$0")/../..")
cmake -DSOURCE="$source/docs" -DHEADER="$folder/revision.hpp" -P "$source/sim/results/revision.cmake"
grep -qx '#define QANTAR_REVISION ""' "$folder/revision.hpp" || fail "no revision becomes: $(cat "$folder/revision.hpp")"

dpkg-deb --extract "$package" "$folder/root"
program=$folder/root/usr/bin/qantar
cases=$folder/root/usr/share/qantar/configs
"$program" doctor >"$folder/log" || fail "$(cat "$folder/log")"
"$program" check "$cases"/*_20?? "$cases"/classic/* >/dev/null
"$program" run "$cases/january_2022" -n 1 -o "$folder/r.h5" --quiet >/dev/null
"$program" verify "$folder/r.h5" --replay 1 >/dev/null
if strings -a "$program" 2>/dev/null | grep -qF "$build"; then echo "note: the program names its build folder"; fi

if [[ ${2-} == --bare ]]; then
  debootstrap --variant=minbase bookworm "$folder/bare" >"$folder/log" || fail "$(tail -5 "$folder/log")"
  cp "$package" "$folder/bare/tmp/qantar.deb"
  chroot "$folder/bare" sh -c 'apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y \
    --no-install-recommends /tmp/qantar.deb' >"$folder/log" 2>&1 || fail "$(tail -5 "$folder/log")"
  chroot "$folder/bare" sh -c 'qantar doctor && cd /tmp && qantar run /usr/share/qantar/configs/january_2022 -n 1 \
    -o r.h5 --quiet && qantar verify r.h5' >"$folder/log" 2>&1 || fail "$(tail -5 "$folder/log")"
  echo "installed and run on a bare Debian 12"
fi
echo "$(basename "$package"): $(stat -c %s "$package") bytes, depends on $depends"
