use super::{Script, mentions};

/// The commands as words between `·`, with `> file` for outputs and `|` for a pipe.
fn told(script: &str) -> String {
    let script = Script::of(script);
    let tell = |c: &super::Command<'_>| {
        let arguments: Vec<_> = c.arguments.iter().map(|word| format!("·{}", c.source(word))).collect();
        let outputs: Vec<_> = c.outputs().map(|word| format!(" > {}", c.source(word))).collect();
        format!("{}{}{}{}", c.program, arguments.concat(), outputs.concat(), if c.piped { " |" } else { "" })
    };
    script.commands().iter().map(tell).collect::<Vec<_>>().join(" ; ")
}

#[test]
fn scripts_are_cut_into_commands() {
    for (script, expected) in [
        ("npm ci && npm test", "npm·ci ; npm·test"),
        ("if ! npm ci; then\n  exit 1\nfi", "npm·ci ; exit·1"),
        ("A=1 B='x y' npm ci # all", "npm·ci"),
        ("npm ci \\\n  --force", "npm·ci·--force"),
        ("sudo -E A=1 make x", "make·x"),
        ("time", "time"),
        ("command -v make", "-v·make"),
        ("export -p > f", "export·-p > f"),
        ("echo 'a && b' \"c; d\"", "echo·'a && b'·\"c; d\""),
        ("echo x > out.txt 2>&1", "echo·x > out.txt"),
        ("echo x 2>err >>\"$F\"", "echo·x > \"$F\""),
        ("echo x &> all || true", "echo·x > all ; true"),
        ("echo a | tee b", "echo·a | ; tee·b"),
        ("{ echo a; echo b; } | tee c", "echo·a ; echo·b | ; tee·c"),
        ("echo ${{ a || 'b c' }} d", "echo·${{ a || 'b c' }}·d"),
        ("x=$(npm ci) echo", "npm·ci ; echo"),
        ("echo \"$(npm run $(cat x))\"", "cat·x ; npm·run·$(cat x) ; echo·\"$(npm run $(cat x))\""),
        ("a `b c` d", "b·c ; a·`b c`·d"),
        ("(cd x; make)", "cd·x ; make"),
        ("cat <<EOF > f\nnpm ci\nEOF\nmake", "cat > f ; make"),
        ("cat <<'EOF' | tee f\nnpm ci\nEOF\nmake", "cat | ; tee·f ; make"),
        ("cat <<-X\n\tnpm\n\tX\nmake", "cat ; make"),
        ("cat <<< text", "cat"),
        ("diff <(make a) b", "make·a ; diff·<(make a)·b"),
        ("case $x in a) b c;; esac; for f in $(d); do e; done", "b·c ; d ; e"),
        ("[ \"$(a)\" = b ] && f() { g; }", "a ; g"),
        ("\u{e9}\u{e8} \\\\", "\u{e9}\u{e8}·\\\\"),
    ] {
        assert_eq!(told(script), expected, "{script}");
    }
}

#[test]
fn here_documents_keep_their_text_and_their_quoting() {
    let text = "cat <<'A' > x\none\nA\ncat <<B\ntwo\nB\n";
    let script = Script::of(text);
    let commands = script.commands();
    let quoted: Vec<_> = commands.iter().flat_map(super::Command::quoted).map(|at| &text[at]).collect();
    assert_eq!(quoted, ["one\n"]);
    let given: Vec<_> = commands.iter().flat_map(|c| c.given().map(|word| c.source(word))).collect();
    assert_eq!(given, ["one\n", "two\n"]);
}

#[test]
fn variables_are_seen_where_the_shell_sees_them() {
    for (word, expected) in [
        ("$TOKEN", true),
        ("\"a ${TOKEN} b\"", true),
        ("${TOKEN:-x}", true),
        ("${X:-$TOKEN}", true),
        ("\"$(echo a | sed s/$TOKEN//)\"", true),
        ("'$TOKEN'", false),
        ("\"'$TOKEN'\"", true),
        ("$TOKENS", false),
        ("TOKEN", false),
    ] {
        let text = format!("a {word}");
        let script = Script::of(&text);
        let commands = script.commands();
        let argument = commands.last().unwrap().arguments[0];
        assert_eq!(mentions(argument, "TOKEN"), expected, "{word}");
    }
}

#[test]
fn words_are_plain_without_their_quotes() {
    let script = Script::of("x/y a'b c'd\\ e \"$F\"/${G} ${{ h }}");
    let [command] = script.commands().try_into().ok().unwrap();
    assert_eq!((command.name(), command.program.as_str()), ("y", "x/y"));
    assert_eq!(command.words(), ["ab cd e", "${F}/${G}", "${{ h }}"]);
}

#[test]
fn hostile_scripts_end() {
    for part in ["$(", "`", "${{ ", "'\"", "<<E\n", "(", "${", "a=$(b ", "\\", "$((", "a && b | c || d | "] {
        let _ = Script::of(&part.repeat(5_000)).commands();
    }
}
