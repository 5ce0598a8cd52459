#!/bin/sh
# {{title}}. Its inputs and outputs are described in process.yaml.
set -eu

# The first value of a literal input; the file of inputs has one member per line.
literal() {
  sed -n '/^  "'"$1"'": \[/,/^  \]/s/^ *"value": "\(.*\)",*$/\1/p' "$WPS_INPUTS" | head -n 1
}

name=$(literal name)
times=$(literal times)
done=0
while [ "$done" -lt "$times" ]; do
  echo "Hello, $name!"
  done=$((done + 1))
  echo "PROGRESS $((100 * done / times)) greeting $done of $times" >&3
done 3>&1 >"$WPS_OUTPUT_DIR/greeting"
