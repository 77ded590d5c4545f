# Shared by `run` and `full`; sourced, not started.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Plain text, the same wherever it runs; nothing waits for an answer.
export CARGO_TERM_COLOR=never CARGO_TERM_PROGRESS_WHEN=never
export CARGO_INCREMENTAL=0
# Many tests wait for programs that hang.
export RUST_TEST_THREADS=${RUST_TEST_THREADS:-4}
export DEBIAN_FRONTEND=noninteractive
export LC_ALL=C.UTF-8
exec </dev/null

# What goes to crates.io, each after what it depends on.
PUBLISHED=(syncscope-recording syncscope-detector instrumented-sync instrumented-std cargo-syncscope)

step_name=

# pack: what the package of the command carries in place of the repository.
pack() {
    # For the whole workspace, so that the tests need not build all of it once more with other features.
    cargo build --quiet --locked --workspace --example pack
    "${CARGO_TARGET_DIR:-target}/debug/examples/pack" >cli/runtime.archive
}

# step NAME COMMAND...: runs a step, and names it when it fails.
step() {
    step_name=$1
    shift
    printf '\n== %s (at %d s): %s\n' "$step_name" "$SECONDS" "$*"
    "$@"
}

report_failure() {
    local code=$?
    if [ "$code" -ne 0 ]; then
        printf '\nFAILED: %s (exit code %d, at %d s)\n' "${step_name:-start}" "$code" "$SECONDS" >&2
    fi
}
trap report_failure EXIT

# install PACKAGE...: from the system's packages, where there is apt.
install() {
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        as_root=(sudo -n)
    fi
    if ! command -v apt-get >/dev/null; then
        echo "missing: $*; install it and start again" >&2
        return 1
    fi
    "${as_root[@]}" apt-get -q update
    "${as_root[@]}" apt-get -q install -y --no-install-recommends "$@"
}

# tools: what a fresh machine may lack.
tools() {
    # rustc links with cc; the tests start programs through a shell and end them with kill.
    command -v cc >/dev/null || install gcc libc6-dev
    command -v kill >/dev/null || install procps
    # Graphviz reads the drawings that tests make; without it they are read by the tests' own reader only.
    command -v dot >/dev/null || install graphviz
    if ! command -v cargo >/dev/null; then
        command -v rustup >/dev/null || install rustup
        rustup toolchain install stable --profile minimal
    fi
    # Quiet: rustup prints its progress otherwise.
    cargo fmt --version >/dev/null 2>&1 || rustup --quiet component add rustfmt
    cargo clippy --version >/dev/null 2>&1 || rustup --quiet component add clippy
    rustc --version
    cargo --version
}
