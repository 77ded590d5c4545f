#!/bin/sh
# Tests against the recorded std, for any CI system. Ends with the code of the check; arguments go to `cargo syncscope test`.
set -eu

out=target/locks
cargo syncscope test "$@" --output junit=$out/syncscope.xml --output markdown=$out/syncscope.md && code=0 || code=$?
case $code in
    0) echo "locks: checked, nothing to deny" ;;
    1) echo "locks: findings; the report is above" ;;
    2) echo "locks: usage or configuration error" ;;
    4) echo "locks: a recording cannot be read" ;;
    5) echo "locks: not checked: cargo refused its arguments, or the build failed" ;;
    *) echo "locks: nothing to deny, but the tests failed (code $code)" ;;
esac
if [ "$code" -ne 0 ] && [ "$code" -ne 5 ]; then
    # What is needed to look at it elsewhere: `cargo syncscope report recordings.syncscope`.
    cargo syncscope --quiet merge --events -o $out/recordings.syncscope || true
fi
exit "$code"
