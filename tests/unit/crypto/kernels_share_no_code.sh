#!/bin/sh
# kernels_share_no_code.sh NM OBJECT...: the objects of one instruction set define no weak function.
set -eu
nm=$1
shift
seen=0
status=0
for object in "$@"; do
  case $object in
    *sha256_shani*|*sha256_avx*|*aesni*) ;;
    *) continue ;;
  esac
  seen=$((seen + 1))
  shared=$("$nm" --demangle --defined-only "$object" | grep ' [Wu] ' || true)
  if [ -n "$shared" ]; then
    printf '%s:\n%s\n' "$object" "$shared"
    status=1
  fi
done
echo "$seen objects"
[ "$seen" -eq 4 ] || status=1
exit $status
