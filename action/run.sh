#!/usr/bin/env bash
# Judges, says what came of it, and ends with the code of the verdict: 0 pass, 1 a gate fails, 2 usage or configuration is
# wrong, 3 unknown. With `post` the code says whether the verdict was delivered.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=action/common.sh
. "$here/common.sh"
clean_environment

work=$(temporary_folder)
# Where the base branch's run is kept: gate.yml names it alike.
export TOLLGATE_BASE_ARTIFACT=tollgate-base${INPUT_CATEGORY:-}
out=${INPUT_OUT:-$work/out}
log=$work/stderr

main() {
    one_of command "$INPUT_COMMAND" check decide post
    one_of report-as "$INPUT_REPORT_AS" jobs statuses
    one_of issues "$INPUT_ISSUES" true false
    if [ "$INPUT_REPORT_AS" = statuses ] && [ "$INPUT_COMMAND" != post ]; then
        fail 2 "input report-as is \"statuses\", which only command: post sets; expected jobs with command: $INPUT_COMMAND"
    fi
    looks_at_the_change
    lines "$INPUT_GATE"
    gates=(${list[@]+"${list[@]}"})
    lines "$INPUT_REPORTS"
    reports=(${list[@]+"${list[@]}"})

    # A decision of an earlier run must not stand for this one.
    rm -rf -- "$out/run.json"
    local code=0
    judge || code=$?
    if [ ! -f "$out/run.json" ]; then
        say error "nothing was judged: the summary of this run and its log say why"
        not_judged "tollgate ended with code $code and wrote no decision. The last it said:"$'\n'"$(tail -c 4000 "$log")"
        # No decision is never a pass, and the change is not to blame for it.
        if [ "$code" -ne 2 ]; then code=3; fi
        exit "$code"
    fi
    local delivered=0
    deliver || delivered=$?
    if [ "$INPUT_COMMAND" = post ] || [ "$code" -eq 0 ]; then code=$delivered; fi
    exit "$(known_code "$code")"
}

# Under pull_request_target a checkout is by default the base branch, which says nothing about the change.
looks_at_the_change() {
    if [ "${GITHUB_EVENT_NAME:-}" != pull_request_target ]; then return; fi
    local head
    head=$(git rev-parse HEAD 2>/dev/null) || head=${GITHUB_SHA:-}
    if [ "$head" = "${GITHUB_SHA:-}" ]; then
        fail 2 "on pull_request_target this checkout is the base branch, not the change; use the event pull_request"
    fi
}

# lines TEXT: its lines without blanks around them and without empty ones, as the array `list`.
lines() {
    local line
    list=()
    while IFS= read -r line || [ -n "$line" ]; do
        line=${line#"${line%%[![:space:]]*}"}
        line=${line%"${line##*[![:space:]]}"}
        if [ -n "$line" ]; then list+=("$line"); fi
    done <<<"$1"
}

# Runs check or decide. Values stand behind `=` or `--`, so that none is taken for an option.
judge() {
    local arguments gate
    arguments=(--out="$out")
    if [ -n "$INPUT_ROOT" ]; then arguments+=(--root="$INPUT_ROOT"); fi
    if [ -n "$INPUT_CONFIG" ]; then arguments+=(--config="$INPUT_CONFIG"); fi
    if [ -n "$INPUT_STEPS" ]; then arguments+=(--steps="$INPUT_STEPS"); fi
    outcomes
    if [ -n "$needs" ]; then arguments+=(--needs="$needs"); fi
    if [ "$INPUT_COMMAND" = decide ]; then
        if [ "${#reports[@]}" -eq 0 ]; then fail 2 "input reports is empty; command: decide judges the reports that it names"; fi
        for gate in ${gates[@]+"${gates[@]}"}; do arguments+=(--gate="$gate"); done
        quietly "$BINARY" decide "${arguments[@]}" -- "${reports[@]}"
        return
    fi
    if [ "${#reports[@]}" -gt 1 ]; then
        fail 2 "input reports names ${#reports[@]} folders; expected one with command: $INPUT_COMMAND"
    elif [ "${#reports[@]}" -eq 1 ]; then
        # They lie as in the workspace; of these, what belongs below the checked folder is taken.
        local folder=${reports[0]}
        case $INPUT_ROOT in '' | /* | [A-Za-z]:*) ;; *) folder=$folder/$INPUT_ROOT ;; esac
        # A download that matched nothing makes no folder. What is missing in it is for the gates to say.
        mkdir -p -- "$folder"
        arguments+=(--reports="$folder")
    fi
    quietly "$BINARY" check "${arguments[@]}" -- ${gates[@]+"${gates[@]}"}
}

# Sets `needs` to how other jobs ended. A file that is not there says nothing: the job that writes it did not come so far.
outcomes() {
    needs=$INPUT_NEEDS
    case $needs in
        '' | [[:space:]]* | '{'*) ;;
        *) needs=$(head -c 65536 -- "$needs" 2>/dev/null) || needs="" ;;
    esac
}

# Runs a command whose output tells of the change: the runner obeys no workflow command in it.
quietly() {
    local code=0
    "$@" >"$work/stdout" 2>"$log" || code=$?
    show "$work/stdout" "$log"
    return "$code"
}

# Prints files in which the runner obeys no workflow command.
show() {
    local token
    token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    printf '::stop-commands::%s\n' "$token"
    cat "$@"
    printf '\n::%s::\n' "$token"
}

# Puts the decision where it is asked for.
deliver() {
    local to=summary,annotations,outputs arguments gate
    if [ "$INPUT_COMMAND" = post ]; then
        to=$to,comment,sarif
        if [ "$INPUT_REPORT_AS" = statuses ]; then to=$to,statuses; fi
        if [ "$INPUT_ISSUES" = true ] && watches; then to=$to,issues; fi
    fi
    arguments=(--to="$to")
    if [ -n "$INPUT_CATEGORY" ]; then arguments+=(--category="$INPUT_CATEGORY"); fi
    if [ -n "$INPUT_PULL_REQUEST" ]; then arguments+=(--pull-request="$INPUT_PULL_REQUEST"); fi
    for gate in ${gates[@]+"${gates[@]}"}; do arguments+=(--gate="$gate"); done
    local code=0
    "$BINARY" post "${arguments[@]}" -- "$out" 2>"$log" || code=$?
    show "$log"
    return "$code"
}

# Whether this run is about the default branch as it is, not about a change to it.
watches() {
    case ${GITHUB_EVENT_NAME:-} in
        schedule) true ;;
        push) [ -n "$DEFAULT_BRANCH" ] && [ "${GITHUB_REF:-}" = "refs/heads/$DEFAULT_BRANCH" ] ;;
        *) false ;;
    esac
}

# A code that tollgate does not document is that of a crash: it could not tell.
known_code() {
    case $1 in
        0 | 1 | 2 | 3) printf '%s' "$1" ;;
        *) printf 3 ;;
    esac
}

main
