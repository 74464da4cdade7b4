#!/bin/sh
# Compares the libraries in the jar, as its bill of materials lists them, with the vulnerabilities that are known to
# osv.dev, by osv-scanner.
#
#   scripts/check-vulnerabilities.sh JAR    needs Go and the network; osv-scanner is built in .rung/tools once
#   OSV_DATABASE=FILE                       a copy of the database, instead of asking osv.dev:
#                                           https://osv-vulnerabilities.storage.googleapis.com/Maven/all.zip
#
# It first has to find a vulnerability that is made up for one of the libraries.
#
# Returns 0 if no library has a known vulnerability, 1 if one has, 2 if that could not be checked.
set -eu
jar=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
database=${OSV_DATABASE-}
case $database in
  '' | /*) ;;
  *) database=$PWD/$database ;;
esac
cd "$(dirname "$0")/.."
. scripts/find-jdk.sh
find_jdk javac || exit 1

# renovate: datasource=go depName=github.com/google/osv-scanner/v2
osv_scanner_version=v2.5.0

tools=$PWD/.rung/tools/osv-scanner-$osv_scanner_version
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

give_up() {
  echo "The libraries are not checked for vulnerabilities: $*" >&2
  exit 2
}

if [ ! -x "$tools/osv-scanner" ]; then
  command -v go >/dev/null || give_up "Go is not installed"
  GOBIN=$tools go install "github.com/google/osv-scanner/v2/cmd/osv-scanner@$osv_scanner_version" 2>"$work/log" || {
    tail -n 3 "$work/log" >&2
    give_up "osv-scanner could not be built"
  }
fi

cd "$work"
"$JAVA_HOME/bin/jar" xf "$jar" META-INF/sbom/application.cdx.json
[ -f META-INF/sbom/application.cdx.json ] || give_up "$jar has no bill of materials"

# In a bill of materials, osv-scanner takes the artifact alone for the name of a library, and finds nothing. So it gets
# a list of groups, artifacts and versions.
sed -n 's|.*"purl" *: *"pkg:maven/\([^/]*\)/\([^@]*\)@\([^?"]*\).*|\1:\2 \3|p' META-INF/sbom/application.cdx.json |
  sort -u >libraries
[ -s libraries ] || give_up "the bill of materials has no libraries"
awk 'BEGIN { print "{\"results\": [{\"packages\": [" }
  { printf "%s{\"package\": {\"ecosystem\": \"Maven\", \"name\": \"%s\", \"version\": \"%s\"}}\n", (NR > 1 ? "," : ""), $1, $2 }
  END { print "]}]}" }' libraries >libraries.json

# Compares with a copy of the database.
offline() {
  rm -rf databases
  mkdir -p databases/osv-scalibr/Maven
  cp "$1" databases/osv-scalibr/Maven/all.zip
  OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY=$PWD/databases \
    "$tools/osv-scanner" scan source --offline -L osv-scanner:libraries.json
}

cat >GHSA-made-up.json <<END
{"schema_version": "1.6.0", "id": "GHSA-made-up", "modified": "2026-01-01T00:00:00Z", "affected": [{
  "package": {"ecosystem": "Maven", "name": "$(sed -n '1s/ .*//p' libraries)"},
  "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]}]}
END
"$JAVA_HOME/bin/jar" cfM made-up.zip GHSA-made-up.json
if offline made-up.zip >made-up 2>&1 || ! grep -q GHSA-made-up made-up; then
  cat made-up
  echo "osv-scanner did not find a vulnerability that is made up" >&2
  exit 1
fi

status=0
if [ -n "$database" ]; then
  offline "$database" >result 2>&1 || status=$?
else
  "$tools/osv-scanner" scan source -L osv-scanner:libraries.json >result 2>&1 || status=$?
fi
case $status in
  0) echo "no known vulnerabilities in $(wc -l <libraries | tr -d ' ') libraries" ;;
  1)
    cat result
    exit 1
    ;;
  *)
    grep -i error result | tail -n 1 >&2
    give_up "osv.dev does not answer, or OSV_DATABASE is not its database"
    ;;
esac
