#!/bin/sh
# Cuts a release:
#
#   scripts/release.sh 0.1.0            builds and checks the artefacts, commits the version and tags v0.1.0
#   scripts/release.sh --dry-run 0.1.0  the same without changing this repository
#
# The artefacts are in target/release/VERSION: rung.jar, the tarball with its run-time, the jars for applications with
# sources and Javadoc, the bill of materials, the licenses of the libraries, the notes of the release, SHA256SUMS, and, if
# its generator can be installed, the documentation site (not reproducible, so that it is added after the comparison).
# Everything is built in a clone, twice, and has to have the same bytes. Publishing is left to you: the commands are
# printed at the end.
set -eu
cd "$(dirname "$0")/.."
root=$PWD

dry=
if [ "${1-}" = --dry-run ]; then
  dry=yes
  shift
fi
version=${1-}
case $version in
  *[!0-9.]* | '' | .* | *.) echo "usage: scripts/release.sh [--dry-run] VERSION, such as 0.1.0" >&2 && exit 2 ;;
esac
. scripts/find-jdk.sh
find_jdk javac || exit 1

fail() {
  echo "release.sh: $*" >&2
  exit 1
}

[ -z "$(git status --porcelain --untracked-files=no)" ] || fail "commit or undo your changes first"
! git rev-parse -q --verify "refs/tags/v$version" >/dev/null || fail "v$version is released already"
grep -q '^## Unreleased$' CHANGELOG.md || fail "CHANGELOG.md has no section Unreleased"
snapshot=$(sed -n '/<artifactId>rung<\/artifactId>/{n;s|.*<version>\(.*\)</version>.*|\1|p;}' pom.xml)
case $snapshot in
  *-SNAPSHOT) ;;
  *) fail "the version in pom.xml is $snapshot, not a snapshot" ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Replaces the version of Rung in the files that match: set_version OLD NEW PATTERN…
set_version() {
  old=$(echo "$1" | sed 's/\./\\./g')
  new=$2
  shift 2
  git ls-files -- "$@" | while read -r file; do
    sed -e "s|<version>$old</version>|<version>$new</version>|" -e "s|^\(appVersion: \"*\)$old|\1$new|" "$file" \
      >"$work/changed" && cat "$work/changed" >"$file"
  done
}

git clone -q --no-hardlinks . "$work/rung-$version"
cd "$work/rung-$version"
git config user.name "$(git -C "$root" log -1 --format=%cn)"
git config user.email "$(git -C "$root" log -1 --format=%ce)"
date=$(date -u +%Y-%m-%d)
set_version "$snapshot" "$version" '*pom.xml' '*.md' '*Chart.yaml'
sed "s/^## Unreleased\$/## $version - $date/" CHANGELOG.md >"$work/changed" && cat "$work/changed" >CHANGELOG.md
# The time in all archives: the day of the release, so that the tag alone gives the same bytes.
sed "s|<project.build.outputTimestamp>.*<|<project.build.outputTimestamp>${date}T00:00:00Z<|" pom.xml >"$work/changed" &&
  cat "$work/changed" >pom.xml
git commit -qam "Release $version"

build() {
  ./mvnw -q -B -Pdistribution -pl server,client,bom,spring-boot-starter/core,spring-boot-starter/boot3,spring-boot-starter/boot4,spring-boot-starter/testkit \
    -am clean package -Dmaven.test.skip=true -Dspotless.check.skip=true -Dstrict.skip=true
  rm -rf "$1"
  mkdir -p "$1"
  cp server/target/rung.jar "$1/"
  for folder in client spring-boot-starter/core spring-boot-starter/boot3 spring-boot-starter/boot4 spring-boot-starter/testkit; do
    cp "$folder"/target/rung-*-"$version"*.jar "$1/"
  done
  cp bom/pom.xml "$1/rung-bom-$version.pom"
  cp server/target/classes/META-INF/sbom/application.cdx.json "$1/rung-$version.cdx.json"
  cp server/target/classes/META-INF/THIRD-PARTY.txt "$1/"
  scripts/package-tarball.sh server/target/rung.jar "$version" "$1" >/dev/null
  # The section of this version.
  awk '/^## /{ inside = ($2 == "'"$version"'") } inside' CHANGELOG.md >"$1/NOTES.md"
  (cd "$1" && sha256sum -- * >SHA256SUMS)
}

echo "Building $version…" >&2
build "$work/first"
echo "Building it again, to compare…" >&2
build "$work/second"
diff "$work/first/SHA256SUMS" "$work/second/SHA256SUMS" || fail "the two builds differ"

mkdir "$work/unpacked"
tar -xzf "$work"/first/rung-"$version"-*.tar.gz -C "$work/unpacked"
said=$(env -i PATH=/usr/bin:/bin "$work/unpacked/rung-$version/bin/rung" --version)
[ "$said" = "Rung $version" ] || fail "the tarball says: $said"

# With the tools that are installed already.
mkdir -p "$root/.rung"
ln -s "$root/.rung" .rung
scripts/check-vulnerabilities.sh "$work/first/rung.jar" >&2 || [ "$?" -eq 2 ] || fail "a library has a known vulnerability"
if scripts/site.sh >&2; then
  tar -czf "$work/first/rung-$version-site.tar.gz" -C target site
  (cd "$work/first" && sha256sum "rung-$version-site.tar.gz" >>SHA256SUMS)
else
  [ "$?" -eq 2 ] || fail "the documentation site could not be built"
fi

out=$root/target/release/$version
rm -rf "$out"
mkdir -p "$out"
cp "$work"/first/* "$out/"

if [ -n "$dry" ]; then
  echo "Nothing was tagged (--dry-run). The artefacts are in $out" >&2
  exit 0
fi

git tag -a "v$version" -m "Rung $version"
next=${version%.*}.$((${version##*.} + 1))-SNAPSHOT
set_version "$version" "$next" '*pom.xml'
awk '/^## '"$version"' / { print "## Unreleased\n" } { print }' CHANGELOG.md >"$work/changed" && cat "$work/changed" >CHANGELOG.md
git commit -qam "Begin $next"
cd "$root"
git fetch -q "$work/rung-$version" "refs/tags/v$version:refs/tags/v$version"
git fetch -q "$work/rung-$version" HEAD
git merge -q --ff-only FETCH_HEAD
echo "Tagged v$version. The artefacts are in $out. To publish:" >&2
echo "  git push origin HEAD v$version" >&2
echo "  ./mvnw -Prelease,distribution -pl client,bom,spring-boot-starter/core,spring-boot-starter/boot3,spring-boot-starter/boot4,spring-boot-starter/testkit -am deploy   # from v$version" >&2
