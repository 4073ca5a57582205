//! The command line, as `--help` prints it.

use tollgate_check::Tool;

/// Every command with its help.
pub(super) fn page(tools: &[&dyn Tool]) -> String {
    let mut umbrella = tollgate_runner::umbrella(tools, tollgate::EXTRAS);
    umbrella.build();
    let mut text = "# Command line\n\nThe binary of one checker, `tollgate-coverage`, is the same code as the \
                    subcommand, `tollgate coverage`.\n"
        .to_owned();
    let help = umbrella.render_help().to_string();
    section(&mut text, "tollgate", &help);
    let commands: Vec<_> = umbrella.get_subcommands_mut().filter(|c| c.get_name() != "help").collect();
    for command in commands {
        let name = format!("tollgate {}", command.get_name());
        let help = command.render_long_help().to_string();
        section(&mut text, &name, &help);
        for verb in command.get_subcommands_mut().filter(|verb| verb.get_name() != "help") {
            let name = format!("{name} {}", verb.get_name());
            let help = verb.render_long_help().to_string();
            section(&mut text, &name, &help);
        }
    }
    text
}

fn section(text: &mut String, name: &str, help: &str) {
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    text.push_str(&format!("\n## `{name}`\n\n```text\n{}\n```\n", help.join("\n").trim_end()));
}
