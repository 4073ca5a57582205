//! The binary of a checker and its subcommand are the same code.

use crate::support::{Sandbox, Tests, lcov};

pub(crate) fn tests() -> Tests {
    vec![("binaries_and_subcommands_say_the_same", binaries_and_subcommands_say_the_same)]
}

fn binaries_and_subcommands_say_the_same() {
    let pairs = [
        ("coverage", env!("CARGO_BIN_EXE_tollgate-coverage"), "out/lcov.info"),
        ("bundle", env!("CARGO_BIN_EXE_tollgate-bundle"), "out/dist/a.js"),
    ];
    for (checker, binary, input) in pairs {
        let sandbox = Sandbox::repository(&[("src/a.ts", "a;\nb;\n")]);
        sandbox.write("tollgate.toml", "[coverage]\nreports = [\"out/lcov.info\"]\n[bundle]\ndir = \"out/dist\"\n");
        for present in [true, false] {
            match present {
                true => {
                    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1, 0]));
                    sandbox.write("out/dist/a.js", "x\n");
                }
                false => sandbox.remove(input),
            }
            for format in ["text", "json", "sarif", "markdown", "github"] {
                let by_subcommand = sandbox.tollgate(&[checker, "--format", format]);
                let by_binary = sandbox.run(binary, &["--format", format], &[]);
                assert_eq!(by_subcommand.code, by_binary.code, "{checker} {format} {present}");
                assert_eq!(by_subcommand.stdout, by_binary.stdout, "{checker} {format} {present}");
                assert_eq!(by_subcommand.stderr, by_binary.stderr, "{checker} {format} {present}");
            }
            let expected = if present { 0 } else { 3 };
            sandbox.run(binary, &[], &[]).exits(expected);
        }
        let wrong = ["--max-totl", "3"];
        let by_binary = sandbox.run(binary, &wrong, &[]).exits(2);
        assert!(by_binary.stderr.contains("--max-totl"));
        sandbox.tollgate(&[&[checker][..], &wrong].concat()).exits(2);
    }
}
