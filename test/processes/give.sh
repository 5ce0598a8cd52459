# The command of the processes in test/test-catalogue.ts. For each requested output it copies a file from
# `outputs` beside this script, or an input. See docs/batch-job-api.md.
set -eu
here=$(dirname "$0")

# The first value of a literal input.
literal() {
  sed -n '/^  "'"$1"'": \[/,/^  \]/s/^ *"value": "\(.*\)",*$/\1/p' "$WPS_INPUTS" | head -n 1
}

# The file of the first value of a complex input.
file() {
  sed -n '/^  "'"$1"'": \[/,/^  \]/s/^ *"path": "\(.*\)",*$/\1/p' "$WPS_INPUTS" | head -n 1
}

code=$(literal exitCode)
if [ -n "$code" ]; then
  echo "ERROR $(literal message)" >&2
  exit "$code"
fi

leave() {
  case $1 in
    inputs) cp "$WPS_INPUTS" "$WPS_OUTPUT_DIR/$1" ;;
    given) cp "$(file document)" "$WPS_OUTPUT_DIR/$1" ;;
    *) cp "$here/outputs/$1${2:+.$(basename "$2")}" "$WPS_OUTPUT_DIR/$1" ;;
  esac
}

# The file has an indent of two, so each member has a line of its own.
identifier=
while IFS='"' read -r _ key _ value _; do
  case $key in
    identifier)
      [ -z "$identifier" ] || leave "$identifier" ''
      identifier=$value ;;
    mimeType)
      leave "$identifier" "$value"
      identifier= ;;
  esac
done <"$WPS_OUTPUTS_REQUESTED"
[ -z "$identifier" ] || leave "$identifier" ''
echo 'PROGRESS 100 done'
