#!/usr/bin/env bash
# Puts the tollgate of one release, or one built from the source beside this action, into the runner's temporary folder,
# and names it in the output `binary`.
#
# A release is known by its SHA-256 in releases.txt. The tool cache keeps the archive as it came, so that what is taken
# from there is held against the same sum: no record beside the cache has to be believed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=action/common.sh
. "$here/common.sh"
clean_environment

manifest=$here/releases.txt
newest="" found_version="" found_sum="" found_url=""
work=$(temporary_folder)
# Not the workspace: what lies there is the change's, and tools read their settings from where they are started.
cd "$work"

main() {
    one_of build-from-source "${INPUT_BUILD_FROM_SOURCE:-}" true false
    local version=${INPUT_VERSION:-} pattern='^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$'
    if [ -n "$version" ] && ! [[ $version =~ $pattern ]]; then
        fail 2 "input version is \"$version\"; expected three numbers such as 1.2.3, or nothing for the newest"
    fi
    local name=tollgate
    if [ "$(platform)" = Windows ]; then name=tollgate.exe; fi
    if [ "$INPUT_BUILD_FROM_SOURCE" = true ]; then
        if [ -n "$version" ]; then
            fail 2 "inputs version and build-from-source exclude each other: what is built is the source of this action"
        fi
        build "$name"
    else
        release "$name" "$version"
    fi
    local shown
    shown=$("$work/bin/$name" --version) || fail 3 "the installed tollgate does not start on this runner"
    printf 'installed %s\n' "$(printf '%s' "$shown" | printable)"
    if [ -n "$found_version" ] && [ "$shown" != "tollgate $found_version" ]; then
        fail 3 "the release $found_version says that it is \"$shown\""
    fi
    output binary "$work/bin/$name"
}

platform() {
    case ${RUNNER_OS:-$(uname -s)} in
        Linux) printf Linux ;;
        macOS | Darwin) printf macOS ;;
        Windows | MINGW* | MSYS* | CYGWIN*) printf Windows ;;
        *) printf other ;;
    esac
}

# The name of the build that runs here; nothing where there is none.
target() {
    case $(platform)/${RUNNER_ARCH:-$(uname -m)} in
        Linux/X64 | Linux/x86_64) printf x86_64-unknown-linux-musl ;;
        Linux/ARM64 | Linux/aarch64) printf aarch64-unknown-linux-musl ;;
        macOS/X64 | macOS/x86_64) printf x86_64-apple-darwin ;;
        macOS/ARM64 | macOS/arm64) printf aarch64-apple-darwin ;;
        Windows/X64 | Windows/x86_64) printf x86_64-pc-windows-msvc ;;
    esac
}

build() {
    command -v cargo >/dev/null || fail 2 "build-from-source needs cargo, and it is not on the PATH; install Rust before this action"
    local source
    source=$(cd "$here/.." && pwd)
    # Cargo takes settings and toolchains from where it is started, and the token is none of its business.
    if ! (cd "$source" && unset INPUT_TOKEN && CARGO_TARGET_DIR="$work/target" \
        cargo install --locked --path "$source/crates/tollgate" --bin tollgate --root "$work"); then
        fail 3 "tollgate could not be built from $source"
    fi
    rm -rf "$work/target"
}

# choose VERSION TARGET: sets found_version, found_sum and found_url from the manifest. Its lines are in order, the newest
# release last; an empty VERSION is the last that is no pre-release.
choose() {
    local wanted=$1 target=$2 version="" other sum url rest number=0 versions=""
    while read -r version other sum url rest || [ -n "$version" ]; do
        number=$((number + 1))
        case $version in '' | '#'*) continue ;; esac
        if ! [[ $sum =~ ^[0-9a-f]{64}$ ]] || [[ $url != https://* ]] || [ -n "$rest" ]; then
            fail 3 "action/releases.txt:$number: expected VERSION TARGET SHA256 URL"
        fi
        case " $versions " in *" $version "*) ;; *) versions="$versions $version" ;; esac
        if [ -z "$wanted" ]; then
            case $version in *-*) continue ;; esac
        elif [ "$version" != "$wanted" ]; then
            continue
        fi
        if [ "$version" != "$newest" ]; then newest=$version found_url=""; fi
        if [ "$other" = "$target" ]; then found_version=$version found_sum=$sum found_url=$url; fi
    done <"$manifest"
    if [ -z "$versions" ]; then
        fail 2 "there is no release of tollgate yet: set build-from-source: true"
    elif [ -z "$newest" ]; then
        fail 2 "tollgate ${wanted:-(no pre-release)} is not listed in action/releases.txt; there are:$versions. Or set build-from-source: true"
    elif [ -z "$found_url" ]; then
        fail 2 "release $newest has no build for ${target:-$(platform) on ${RUNNER_ARCH:-$(uname -m)}}: set build-from-source: true"
    fi
}

# release NAME VERSION: installs from the tool cache or the network.
release() {
    local name=$1 target archive=$work/tollgate.tar.gz cached=""
    target=$(target)
    choose "$2" "$target"
    hasher
    if [ -n "${RUNNER_TOOL_CACHE:-}" ]; then
        cached=${RUNNER_TOOL_CACHE//\\//}/tollgate/$found_version/$target/tollgate.tar.gz
    fi
    if [ -n "$cached" ] && [ -f "$cached" ] && cp "$cached" "$archive"; then
        if [ "$(sha256 "$archive")" != "$found_sum" ]; then
            say warning "the tool cache holds another tollgate $found_version than action/releases.txt names; it is removed and fetched again"
            rm -f "$cached" "$archive"
        fi
    fi
    if [ ! -f "$archive" ]; then
        download "$archive"
        attest "$archive"
        # Renamed into place, so that a job beside this one sees all of it or nothing.
        if [ -n "$cached" ] && ! { mkdir -p "${cached%/*}" && cp "$archive" "$cached.$$" && mv -f "$cached.$$" "$cached"; }; then
            printf 'the tool cache cannot be written: it is fetched anew each time\n'
        fi
    fi
    mkdir "$work/bin"
    # One member, by name, through a pipe: no link, path or mode of the archive reaches the disk.
    if ! tar -xzOf - "$name" <"$archive" >"$work/bin/$name" || [ ! -s "$work/bin/$name" ]; then
        fail 3 "the archive of release $found_version holds no $name"
    fi
    chmod 755 "$work/bin/$name"
}

download() {
    local archive=$1 sum
    command -v curl >/dev/null || fail 3 "curl is not on the PATH; it is needed to fetch tollgate"
    printf 'fetching tollgate %s\n' "$found_version"
    if ! curl --proto =https --tlsv1.2 --retry 5 --fail --silent --show-error --location --max-time 300 \
        --output "$archive" "$found_url"; then
        rm -f "$archive"
        fail 3 "tollgate $found_version could not be fetched from $found_url"
    fi
    sum=$(sha256 "$archive")
    if [ "$sum" != "$found_sum" ]; then
        rm -f "$archive"
        fail 3 "$found_url has the SHA-256 $sum; action/releases.txt names $found_sum. It was not used"
    fi
}

# Sets `hasher` to whichever tool computes SHA-256 here.
hasher() {
    if command -v sha256sum >/dev/null; then
        hasher=(sha256sum)
    elif command -v shasum >/dev/null; then
        hasher=(shasum -a 256)
    elif command -v openssl >/dev/null; then
        hasher=(openssl dgst -sha256 -r)
    else
        fail 3 "none of sha256sum, shasum and openssl is on the PATH; without one nothing that is fetched can be trusted"
    fi
}

# The SHA-256 of a file in hexadecimal.
sha256() {
    local line
    line=$("${hasher[@]}" <"$1")
    printf '%s' "${line%% *}"
}

# attest FILE: has GitHub's own client verify where the archive was built, where that can be asked.
attest() {
    local repository reason=""
    repository=${found_url#https://github.com/}
    repository=$(printf '%s' "$repository" | cut -d / -f 1,2)
    if [ "${GITHUB_SERVER_URL:-}" != https://github.com ]; then
        reason="this server is not github.com"
    elif [[ $found_url != https://github.com/*/*/releases/* ]]; then
        reason="it was not fetched from a release on github.com"
    elif [ -z "${INPUT_TOKEN:-}" ]; then
        reason="there is no token"
    elif ! command -v gh >/dev/null; then
        reason="gh is not on the PATH"
    elif ! gh attestation verify --help >/dev/null 2>&1; then
        reason="this gh knows no attestations"
    fi
    if [ -n "$reason" ]; then
        printf 'the attestation was not verified: %s. The SHA-256 is that of action/releases.txt\n' "$reason"
    elif ! GH_TOKEN=$INPUT_TOKEN gh attestation verify "$1" --repo "$repository" </dev/null; then
        rm -f "$1"
        fail 3 "the attestation of tollgate $found_version does not verify: it was not built by $repository, or GitHub could not be asked"
    fi
}

main
