# Gives for each output that is asked for what lies ready beside this script, or what came in.
# The command of the processes in test/test-catalogue.ts; see docs/batch-job-api.md.
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

# One line a member: the file is written with an indent of two.
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
