#!/bin/sh
# Makes docs/report.svg, the picture in the README, out of what the command really prints for the sample bank.
# From the root of the repository: docs/picture.sh
set -eu

recordings=$(mktemp -d)
trap 'rm -rf "$recordings"' EXIT
# The sample has inversions, so the command fails: that is what the picture shows.
cargo run -q -p cargo-syncscope -- --color always run --dir "$recordings" -p syncscope-app-bank --bin bank-broken \
    2>"$recordings/log" >"$recordings/report" || [ $? -eq 1 ] || { cat "$recordings/log" >&2; exit 1; }

# The second finding without its stacks, which would make the picture twice as high.
awk '
    { text = $0; gsub(/\033\[[0-9;]*m/, "", text) }
    text ~ /^error/ { wanted = shown = text ~ /LEDGER/ }
    text ~ /^ *stacks of/ { shown = 0 }
    text ~ /^help: / { shown = wanted }
    text ~ /^failed: / { shown = 0 }
    shown
' "$recordings/report" | awk '
    function escaped(text) {
        gsub(/&/, "\\&amp;", text)
        gsub(/</, "\\&lt;", text)
        gsub(/>/, "\\&gt;", text)
        return text
    }
    # The next piece of a line in the colours that are set.
    function piece(text) {
        if (text == "") return ""
        width += length(text)
        return "<tspan class=\"" (bold ? "b " : "") colour "\">" escaped(text) "</tspan>"
    }
    # One code of SGR: those that the command uses.
    function set(code) {
        if (code == 0) { bold = 0; colour = "plain" }
        else if (code == 1) bold = 1
        else if (code == 31 || code == 91) colour = "red"
        else if (code == 33 || code == 93) colour = "yellow"
        else if (code == 34 || code == 94) colour = "blue"
        else if (code == 36 || code == 96) colour = "cyan"
    }
    BEGIN { colour = "plain" }
    {
        rest = $0
        line = ""
        width = 0
        while (match(rest, /\033\[[0-9;]*m/)) {
            line = line piece(substr(rest, 1, RSTART - 1))
            count = split(substr(rest, RSTART + 2, RLENGTH - 3), codes, ";")
            for (i = 1; i <= count; i++) set(codes[i] + 0)
            rest = substr(rest, RSTART + RLENGTH)
        }
        lines[NR] = line piece(rest)
        if (width > widest) widest = width
    }
    END {
        while (NR > 0 && lines[NR] == "") NR--
        across = int(widest * 7.83) + 32
        down = NR * 18 + 28
        printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n", across, down, across, down
        print "<!-- Made by docs/picture.sh -->"
        print "<style>text { font: 13px ui-monospace, Menlo, Consolas, \"DejaVu Sans Mono\", monospace; white-space: pre }"
        print ".b { font-weight: bold } .plain { fill: #d8dee9 } .red { fill: #ff6b6b } .yellow { fill: #e5c07b }"
        print ".blue { fill: #6cb6ff } .cyan { fill: #56d4dd }</style>"
        printf "<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#1e2229\"/>\n", across, down
        for (i = 1; i <= NR; i++)
            if (lines[i] != "")
                printf "<text x=\"16\" y=\"%d\" xml:space=\"preserve\">%s</text>\n", i * 18 + 12, lines[i]
        print "</svg>"
    }
' >docs/report.svg
