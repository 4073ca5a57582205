use super::{commands, mentions, plain};

/// The commands as words between `·`, with `> file` for outputs and `|` for a pipe.
fn told(script: &str) -> String {
    let commands = commands(script);
    let tell = |c: &super::Command| {
        let words: Vec<_> = c.words.iter().map(|w| w.raw.clone()).collect();
        let outputs: Vec<_> = c.outputs.iter().map(|w| format!(" > {}", w.raw)).collect();
        format!("{}{}{}", words.join("·"), outputs.concat(), if c.piped { " |" } else { "" })
    };
    commands.iter().map(tell).collect::<Vec<_>>().join(" ; ")
}

#[test]
fn scripts_are_cut_into_commands() {
    for (script, expected) in [
        ("npm ci && npm test", "npm·ci ; npm·test"),
        ("if ! npm ci; then\n  exit 1\nfi", "npm·ci ; exit·1"),
        ("A=1 B='x y' npm ci # all", "npm·ci"),
        ("npm ci \\\n  --force", "npm·ci·--force"),
        ("echo 'a && b' \"c; d\"", "echo·'a && b'·\"c; d\""),
        ("echo x > out.txt 2>&1", "echo·x > out.txt"),
        ("echo x 2>err >>\"$F\"", "echo·x > \"$F\""),
        ("echo x &> all || true", "echo·x > all ; true"),
        ("echo a | tee b", "echo·a | ; tee·b"),
        ("echo ${{ a || 'b c' }} d", "echo·${{ a || 'b c' }}·d"),
        ("x=$(npm ci) echo", "npm·ci ; echo"),
        ("echo \"$(npm run $(cat x))\"", "npm·run·$(cat x) ; echo·\"$(npm run $(cat x))\""),
        ("a `b c` d", "b·c ; a·`b c`·d"),
        ("(cd x; make)", "cd·x ; make"),
        ("cat <<EOF > f\nnpm ci\nEOF\nmake", "cat > f ; make"),
        ("cat <<'EOF' | tee f\nnpm ci\nEOF\nmake", "cat | ; tee·f ; make"),
        ("cat <<-X\n\tnpm\n\tX\nmake", "cat ; make"),
        ("cat <<< text", "cat"),
        ("echo 'open", "echo·'open"),
        ("echo $(open", "open ; echo·$(open"),
        ("cat <<EOF\nnever ends", "cat"),
        ("\u{e9}\u{e8} \\", "\u{e9}\u{e8}·\\"),
    ] {
        let told = told(script);
        if script.starts_with("echo \"$(npm") {
            // The innermost comes first.
            assert_eq!(told, format!("cat·x ; {expected}"));
        } else {
            assert_eq!(told, expected, "{script}");
        }
    }
}

#[test]
fn here_documents_keep_their_text_and_their_quoting() {
    let script = "cat <<'A' > x; cat <<B\none\nA\ntwo\nB\n";
    let found = commands(script);
    let texts: Vec<_> = found.iter().filter_map(|c| c.here.clone()).map(|(r, q)| (&script[r], q)).collect();
    assert_eq!(texts, [("one\n", true), ("two\n", false)]);
}

#[test]
fn variables_are_seen_where_the_shell_sees_them() {
    for (raw, expected) in [
        ("$TOKEN", true),
        ("\"a ${TOKEN} b\"", true),
        ("${TOKEN:-x}", true),
        ("'$TOKEN'", false),
        ("\"'$TOKEN'\"", true),
        ("$TOKENS", false),
        ("TOKEN", false),
    ] {
        assert_eq!(mentions(raw, "TOKEN", false), expected, "{raw}");
    }
    assert!(mentions("it's $TOKEN", "TOKEN", true));
    assert_eq!(plain("a'b c'\"d\"\\ e"), "ab cd e");
}

#[test]
fn hostile_scripts_end() {
    for part in ["$(", "`", "${{ ", "'\"", "<<E\n", "(", "${", "a=$(b ", "\\", "$(("] {
        let _ = commands(&part.repeat(20_000));
    }
}
