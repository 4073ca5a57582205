//! What the shell does with a script, and not what it looks like.

use super::ast::{Block, Direction, Kind, Piece, Redirect, Statement, Word};
use super::parse;

/// A script in one line: every structure in brackets, every word by its pieces.
fn shape(script: &str) -> String {
    let parsed = parse(script).unwrap();
    block(&parsed.script.body)
}

fn block(block: &Block) -> String {
    block.iter().map(statement).collect::<Vec<_>>().join("; ")
}

fn statement(s: &Statement) -> String {
    match &s.kind {
        Kind::Command(c) => {
            let mut parts: Vec<String> = c.declares.iter().cloned().collect();
            for a in &c.assignments {
                let sign = if a.append { "+=" } else { "=" };
                let list = if a.list { "[]" } else { "" };
                parts.push(format!("{}{list}{sign}{}", a.name, word(&a.value)));
            }
            parts.extend(c.words.iter().map(word));
            parts.extend(c.redirects.iter().map(redirect));
            parts.join(" ")
        }
        Kind::Pipeline(parts) => format!("pipe[{}]", parts.iter().map(statement).collect::<Vec<_>>().join(" | ")),
        Kind::And(a, b) => format!("({} && {})", statement(a), statement(b)),
        Kind::Or(a, b) => format!("({} || {})", statement(a), statement(b)),
        Kind::Not(a) => format!("!{}", statement(a)),
        Kind::Group(b) => format!("{{{}}}", block(b)),
        Kind::Subshell(b) => format!("sub({})", block(b)),
        Kind::If { arms, otherwise } => {
            let arms: Vec<_> = arms.iter().map(|(c, t)| format!("{} ? {}", block(c), block(t))).collect();
            format!(
                "if<{}{}>",
                arms.join(" : "),
                otherwise.as_ref().map_or(String::new(), |o| format!(" : {}", block(o)))
            )
        }
        Kind::Loop { until, condition, body } => {
            format!("{}<{} do {}>", if *until { "until" } else { "while" }, block(condition), block(body))
        }
        Kind::For { variable, words, body } => {
            let words = words.as_ref().map(|words| words.iter().map(word).collect::<Vec<_>>().join(" "));
            format!("for<{variable} in {} do {}>", words.unwrap_or("?".to_owned()), block(body))
        }
        Kind::Case { subject, arms } => {
            let arm = |(p, b): &(Vec<Word>, Block)| {
                format!("{}) {}", p.iter().map(word).collect::<Vec<_>>().join("|"), block(b))
            };
            format!("case<{} in {}>", word(subject), arms.iter().map(arm).collect::<Vec<_>>().join(" ;; "))
        }
        Kind::Function { name, body } => format!("{name}(){{{}}}", block(body)),
        Kind::Test { double, words } => {
            let words: Vec<_> = words.iter().map(word).collect();
            format!("{}{}", if *double { "[[" } else { "[" }, words.join(" "))
        }
        Kind::Arithmetic(w) => format!("(({}))", word(w)),
        Kind::Redirected(inner, redirects) => {
            format!("{} {}", statement(inner), redirects.iter().map(redirect).collect::<Vec<_>>().join(" "))
        }
        Kind::Background(inner) => format!("{}&", statement(inner)),
        Kind::Broken => "BROKEN".to_owned(),
    }
}

fn redirect(r: &Redirect) -> String {
    let sign = match r.operator {
        Direction::In => "<",
        Direction::Out => ">",
        Direction::Append => ">>",
        Direction::Both => "&>",
        Direction::Duplicate => ">&",
        Direction::HereDocument => "<<",
        Direction::QuotedHereDocument => "<<'",
        Direction::HereString => "<<<",
    };
    format!("{}{sign}{}", r.descriptor.map_or(String::new(), |d| d.to_string()), word(&r.target))
}

fn word(w: &Word) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => text.replace('\n', "⏎"),
        Piece::Variable(name) => format!("${name}"),
        Piece::Expansion { name, operator, word: w } => format!("${{{name} {operator} {}}}", word(w)),
        Piece::Output(b) => format!("$({})", block(b)),
        Piece::Process(b) => format!("<({})", block(b)),
        Piece::Arithmetic(w) => format!("$(({}))", word(w)),
        Piece::Expression(i) => format!("«{i}»"),
    };
    w.pieces.iter().map(piece).collect()
}

#[test]
fn scripts_are_read_as_the_shell_runs_them() {
    for (script, expected) in [
        ("npm test || true", "(npm test || true)"),
        ("a && b || c", "((a && b) || c)"),
        ("a && b > f 2>&1", "(a && b >f 2>&1)"),
        ("a | b > f", "pipe[a | b >f]"),
        ("! a | b", "!pipe[a | b]"),
        ("a && b || c 2>&1 | d && e", "(((a && b) || pipe[c 2>&1 | d]) && e)"),
        ("x=1 y=2\necho $x", "x=1 y=2; echo $x"),
        ("x=1 \\\n  echo", "x=1 echo"),
        ("cat > f <<EOF || true\nhi $X\nEOF\nnext", "(cat >f <<hi $X⏎ || true); next"),
        ("cat <<EOF | jq . >> $O && echo hi\n{}\nEOF", "(pipe[cat <<{}⏎ | jq . >>$O] && echo hi)"),
        ("cat > r << 'EOF'\n$(date) ${{ x }}\nEOF", "cat >r <<'$(date) «0»⏎"),
        ("if ! a; then exit 1; elif b; then c; else d; fi", "if<!a ? exit 1 : b ? c : d>"),
        ("for f in *.sh \"$x\"; do a; done", "for<f in *.sh $x do a>"),
        ("for ((i=0;i<3;i++)); do a; done", "for< in ? do a>"),
        ("until curl x; do sleep 1; done", "until<curl x do sleep 1>"),
        ("find . | while read -r l; do N=$((N+1)); done", "pipe[find . | while<read -r l do N=$((N+1))>]"),
        ("while read l; do a; done < <(find .)", "while<read l do a> <<(find .)"),
        ("case $x in a|b) y;; *) exit 1;; esac", "case<$x in a|b) y ;; *) exit 1>"),
        ("f() { local y=$(c); }\nfunction g { d; }", "f(){local y=$(c)}; g(){d}"),
        ("[ \"$X\" -gt 0 ] && [[ ! -f f || $a == b* ]]", "([$X -gt 0 && [[! -f f || $a == b*)"),
        ("test -f x", "test -f x"),
        ("(( x > 3 )) || exit 2", "((( x > 3 )) || exit 2)"),
        ("npm test & wait", "npm test&; wait"),
        ("(cd x && y)", "sub((cd x && y))"),
        ("X=$(jq -r '.a // 0' f) || X=0", "(X=$(jq -r .a // 0 f) || X=0)"),
        ("echo \"a  $(b)  ${c:-0} ${#d}\"", "echo a  $(b)  ${c :- 0} ${d # }"),
        ("echo ${PIPESTATUS[0]} $? \"$@\"", "echo $PIPESTATUS[0] $? $@"),
        ("A+=(\"x\" y) ; B[1]=2", "A[]+=x y; B[]=2"),
        ("run ${{ a }} \"b ${{ c }} d\" 'e ${{ f }}'", "run «0» b «1» d e «2»"),
        ("${{ matrix.cmd }} --x", "«0» --x"),
        ("echo hi >&2; cmd &> log; cmd >& log2", "echo hi >&2; cmd &>log; cmd &>log2"),
        ("npm \\\n  run \\\n  lint", "npm run lint"),
        ("set +e; a; RC=$?", "set +e; a; RC=$?"),
        ("echo a # || true", "echo a"),
        ("gh api /repos/$A/collaborators/$B/permission", "gh api /repos/$A/collaborators/$B/permission"),
        ("x=1 \\\n y=2\necho $x$y\nz", "x=1 y=2; echo $x$y; z"),
    ] {
        assert_eq!(shape(script), expected, "{script}");
    }
}

#[test]
fn what_is_no_shell_is_broken_and_the_rest_is_read() {
    let parsed = parse("npm test\nif then fi )\necho").unwrap();
    assert!(parsed.script.broken.is_some());
    assert!(shape("npm test\nif then fi )\necho").contains("BROKEN"));
    let partly = shape("npm test || true\nfoo ) bar\nnpm run lint");
    assert!(partly.starts_with("(npm test || true); ") && partly.contains("BROKEN"), "{partly}");
    assert!(parse("npm test").unwrap().script.broken.is_none());
}

#[test]
fn hostile_scripts_come_to_an_end() {
    for script in [
        "(".repeat(20_000),
        "$(".repeat(20_000),
        "a | ".repeat(2_000),
        "if a; then ".repeat(5_000),
        "a && ".repeat(20_000) + "b",
        "{ ".repeat(20_000),
        "\"$(\"".repeat(5_000),
        "cat <<E\n".repeat(2_000),
        "${{".repeat(20_000),
        "x=(".repeat(1_000),
    ] {
        let _ = parse(&script);
    }
    assert!(parse(&" ".repeat((128 << 10) + 1)).is_none());
}
