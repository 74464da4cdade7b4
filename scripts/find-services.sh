# shellcheck shell=sh
# Finds the services that Rung's tests start: PostgreSQL, RabbitMQ, MariaDB and, if a test drives a browser, Chromium.
# Sourced by ./verify; POSIX sh. The tests start private instances of them, on free ports and in temporary folders.
#
#   need_services    returns 0 if all are available. As root on Debian or Ubuntu it installs missing ones; elsewhere
#                    Docker may replace them. Otherwise it reports what to install and returns 1

postgres_version_min=15
rabbitmq_version_min=3.10

# True if version $1 is $2 or newer, by their first two numbers.
version_fits() {
  [ -n "$1" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -t. -k1,1n -k2,2n | head -n 1)" = "$2" ]
}

has_postgres() {
  for folder in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin \
    /usr/local/pgsql/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin \
    "$(dirname "$(command -v initdb || echo /nowhere/initdb)")"; do
    if [ -x "$folder/postgres" ] && [ -x "$folder/initdb" ] &&
      version_fits "$("$folder/postgres" --version | sed 's/[^0-9]*\([0-9.]*\).*/\1/')" "$postgres_version_min"; then
      return 0
    fi
  done
  return 1
}

# On Debian the server's programs are in folders that only root has on its PATH.
has_rabbitmq() {
  (
    PATH=$PATH:/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin:/usr/lib/rabbitmq/bin
    command -v rabbitmq-server >/dev/null || return 1
    version=$(rabbitmqctl version 2>/dev/null) || return 0 # only its own user may ask; the tests check the version
    version_fits "$version" "$rabbitmq_version_min"
  )
}

has_mariadb() {
  [ -x /usr/sbin/mariadbd ] || [ -x /usr/bin/mariadbd ] || command -v mariadbd >/dev/null
}

has_chromium() {
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null
}

# The missing services, as names of Debian packages.
missing_services() {
  has_postgres || echo postgresql
  has_rabbitmq || echo rabbitmq-server
  has_mariadb || echo mariadb-server
  command -v unzip >/dev/null || echo unzip # the Maven wrapper unpacks Maven with it
  if [ -n "$(find . -name '*BrowserIT.java' -path '*/src/test/*' | head -n 1)" ]; then
    has_chromium || echo chromium
  fi
}

# Installs the packages $@ without starting their services.
install_quietly() {
  policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
  else
    policy=
  fi
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  if ! { apt-get -q -o DPkg::Lock::Timeout=300 update && apt-get -q -y -o DPkg::Lock::Timeout=300 install "$@"; } \
    >"$log" 2>&1; then
    tail -n 20 "$log" >&2
  fi
  rm -f "$log"
  [ -z "$policy" ] || rm -f "$policy"
}

need_services() {
  missing=$(missing_services | tr '\n' ' ')
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing the services that the tests start: $missing"
    # shellcheck disable=SC2086 # several words
    install_quietly $missing
    missing=$(missing_services | tr '\n' ' ')
    [ -n "$missing" ] || return 0
  fi
  case $missing in
    *chromium* | *mariadb*) ;;
    *)
      if docker info >/dev/null 2>&1; then
        echo "Not installed, so the tests run it in Docker: $missing"
        return 0
      fi
      ;;
  esac
  {
    echo "The tests start PostgreSQL ($postgres_version_min or newer), RabbitMQ ($rabbitmq_version_min or newer), MariaDB, and Chromium for tests in a browser."
    echo "Missing: $missing"
    echo "  Debian 12+, Ubuntu 24.04+:  sudo apt-get install $missing"
    echo "  Fedora:                     sudo dnf install postgresql-server rabbitmq-server mariadb-server chromium"
    echo "  macOS:                      brew install postgresql@17 rabbitmq mariadb; brew install --cask chromium"
    echo "  anywhere else:              start Docker; the tests then run PostgreSQL and RabbitMQ in containers"
    echo "  (./mvnw test runs the tests that need none of them)"
  } >&2
  return 1
}
