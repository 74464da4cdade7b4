#!/bin/sh
# Builds the documentation site, English and Chinese, from the Markdown documents into target/site. A link that leads
# nowhere fails the build.
#
#   scripts/site.sh              needs Node 20 and npm; the generator is installed in .rung/tools once
#   SITE_BASE=/rung/             the path under which the site is served; / by default
#   SITE_SOURCE_URL=https://…    where source files can be read; without it, links to them are plain text
#
# Returns 0 if the site is built, 1 if a document is wrong, 2 if the generator could not be installed.
set -eu
cd "$(dirname "$0")/.."

lock=$(cksum <docs/site/package-lock.json | tr ' ' -)
mkdir -p .rung
tools=$(cd .rung && pwd -P)/tools/site-$lock # without links, which Vite resolves
work=$tools/work

if ! [ -x "$tools/node_modules/.bin/vitepress" ]; then
  mkdir -p "$tools"
  cp docs/site/package.json docs/site/package-lock.json "$tools"
  # The lock file has the checksums of all packages; none runs a script of its own.
  if ! npm ci --prefix "$tools" --silent --no-audit --no-fund --ignore-scripts --fetch-retries 1; then
    rm -rf "$tools"
    echo "VitePress could not be installed (network and npm are needed); the site is not built" >&2
    exit 2
  fi
fi

rm -rf "$work" target/site
node docs/site/prepare.mjs . "$work" || exit 1
cp "$tools/node_modules/mermaid/dist/mermaid.min.js" "$work/public"
"$tools/node_modules/.bin/vitepress" build "$work" --outDir "$PWD/target/site" >"$tools/log" 2>&1 || {
  cat "$tools/log"
  exit 1
}
echo "target/site: $(find target/site -name '*.html' | wc -l | tr -d ' ') pages"
