# What install.sh and run.sh share. Runs on bash 3.2, which macOS has: no associative arrays, no mapfile.
# shellcheck shell=bash

# What stands in the environment must not decide what these scripts run.
clean_environment() {
    unset BASH_ENV ENV CDPATH GLOBIGNORE
    IFS=$' \t\n'
    if ! awk 'BEGIN { for (name in ENVIRON) if (name ~ /^BASH_FUNC_/) exit 1 }'; then
        fail 2 "the environment hands over shell functions (BASH_FUNC_...), which could stand in for any command; unset them before this action"
    fi
}

# Standard input as printable ASCII; every other byte becomes a question mark.
printable() {
    LC_ALL=C tr -d '\r' | LC_ALL=C tr -c '\11\12\40-\176' '?'
}

# say LEVEL MESSAGE: an annotation. LEVEL is error, warning or notice; nothing in the message is a command.
say() {
    local message
    message=$(printf '%s' "$2" | printable)
    message=${message//\%/%25}
    message=${message//$'\n'/%0A}
    printf '::%s title=tollgate::%s\n' "$1" "$message"
}

# output NAME VALUE: an output of the step; the value is ours and has one line.
output() {
    printf '%s=%s\n' "$1" "$2" >>"${GITHUB_OUTPUT:-/dev/null}"
}

# not_judged MESSAGE: what the step leaves behind where there is no decision.
not_judged() {
    output verdict unknown
    {
        printf '### ? unknown: nothing was judged\n\n<pre>\n'
        printf '%s\n' "$1" | printable | sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g'
        printf '</pre>\n'
    } >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
}

# fail CODE MESSAGE: ends the step, saying why.
fail() {
    say error "$2"
    not_judged "$2"
    exit "$1"
}

# one_of INPUT VALUE CHOICE...: an input that knows some words only.
one_of() {
    local input=$1 value=$2 choice
    shift 2
    for choice in "$@"; do
        if [ "$value" = "$choice" ]; then return; fi
    done
    fail 2 "input $input is \"$value\"; expected one of: $*"
}

# The folder for what lives as long as the job, with forward slashes on Windows too.
temporary_folder() {
    local parent=${RUNNER_TEMP:-${TMPDIR:-/tmp}}
    mktemp -d "${parent//\\//}/tollgate.XXXXXX"
}
