# Finds a JDK that Rung builds and runs with. Sourced by ./rung and ./verify; POSIX sh.
# shellcheck shell=sh
#
#   find_jdk javac    exports JAVA_HOME and returns 0, or reports on stderr what to install and returns 1
#   find_jdk java     the same, but a run-time without a compiler is enough
#
# The version is read from the JDK's `release` file, which is faster than starting the JVM.

jdk_version_min=25

# Prints the major version of the JDK in folder $1; fails if there is none (or no compiler, unless $2 is `java`).
jdk_version() {
  [ -x "$1/bin/java" ] || return 1
  [ "$2" = java ] || [ -x "$1/bin/javac" ] || return 1
  jdk_text=
  if [ -r "$1/release" ]; then
    jdk_text=$(sed -n 's/^JAVA_VERSION="\(.*\)".*/\1/p' "$1/release")
  fi
  if [ -z "$jdk_text" ]; then
    jdk_text=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
  fi
  jdk_text=${jdk_text#1.}
  jdk_text=${jdk_text%%[!0-9]*}
  [ -n "$jdk_text" ] && echo "$jdk_text"
}

# True if the folder $1 contains a JDK that is new enough.
jdk_fits() {
  [ -n "$1" ] && jdk_found=$(jdk_version "$1" "$2") && [ "$jdk_found" -ge "$jdk_version_min" ]
}

# The home of the `java` on the PATH, through links and version managers' shims.
jdk_on_path() {
  jdk_command=$(command -v java) || return 1
  jdk_command=$(readlink -f "$jdk_command" 2>/dev/null) || return 1
  jdk_home=${jdk_command%/bin/java}
  if [ -r "$jdk_home/release" ]; then
    echo "$jdk_home"
  else
    java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
  fi
}

# The folders where installers put JDKs, one per line. Globbing is on here even if the caller has switched it off.
jdk_folders() {
  (
    set +f
    if [ -x /usr/libexec/java_home ]; then
      /usr/libexec/java_home -v "$jdk_version_min+" 2>/dev/null
    fi
    for jdk_folder in \
      /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
      "${SDKMAN_DIR:-${HOME-}/.sdkman}"/candidates/java/* \
      "${HOME-}"/.jdks/* "${HOME-}"/.local/share/mise/installs/java/* "${HOME-}"/.asdf/installs/java/* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
      /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
      /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
      /home/linuxbrew/.linuxbrew/opt/openjdk*/libexec; do
      [ -d "$jdk_folder" ] && echo "$jdk_folder"
    done
    :
  )
}

# The oldest version that fits, because Rung was tested with it.
jdk_installed() {
  jdk_folders | (
    jdk_best=
    jdk_best_version=
    while read -r jdk_folder; do
      if jdk_fits "$jdk_folder" "$1" && [ "$jdk_found" -lt "${jdk_best_version:-1000}" ]; then
        jdk_best=$jdk_folder
        jdk_best_version=$jdk_found
      fi
    done
    echo "$jdk_best"
  )
}

# The JDK that the environment names: JAVA_HOME first, then JAVA_HOME_25, JAVA_HOME_25_X64 and similar.
jdk_from_environment() {
  if jdk_fits "${JAVA_HOME-}" "$1"; then
    echo "$JAVA_HOME"
    return
  fi
  env | sed -n 's/^JAVA_HOME_[0-9][0-9A-Za-z_]*=//p' | sort | while read -r jdk_folder; do
    if jdk_fits "$jdk_folder" "$1"; then
      echo "$jdk_folder"
      break
    fi
  done
}

jdk_advice() {
  case $(uname -s) in
    Darwin) echo "  brew install openjdk@$jdk_version_min" ;;
    Linux)
      if command -v apt-get >/dev/null; then
        echo "  apt-get install openjdk-$jdk_version_min-jdk    (or temurin-$jdk_version_min-jdk from packages.adoptium.net)"
      elif command -v dnf >/dev/null; then
        echo "  dnf install java-$jdk_version_min-openjdk-devel"
      elif command -v pacman >/dev/null; then
        echo "  pacman -S jdk-openjdk"
      elif command -v apk >/dev/null; then
        echo "  apk add openjdk$jdk_version_min"
      elif command -v zypper >/dev/null; then
        echo "  zypper install java-$jdk_version_min-openjdk-devel"
      fi
      ;;
  esac
  echo "  sdk install java $jdk_version_min-tem        (with SDKMAN, on any system)"
  echo "  or unpack one from https://adoptium.net and set JAVA_HOME to its folder"
}

find_jdk() {
  jdk_need=$1
  jdk_choice=$(jdk_from_environment "$jdk_need")
  if [ -z "$jdk_choice" ]; then
    jdk_choice=$(jdk_on_path) || jdk_choice=
    jdk_fits "$jdk_choice" "$jdk_need" || jdk_choice=$(jdk_installed "$jdk_need")
  fi
  if [ -z "$jdk_choice" ]; then
    {
      echo "Rung needs a JDK, version $jdk_version_min or newer, and none was found (neither by JAVA_HOME, nor on the PATH,"
      echo "nor in the usual folders). Install one, for example:"
      jdk_advice
    } >&2
    return 1
  fi
  JAVA_HOME=$jdk_choice
  export JAVA_HOME
}
