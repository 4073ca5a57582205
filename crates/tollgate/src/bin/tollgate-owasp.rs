//! `tollgate-owasp`: the same code as `tollgate owasp`.

fn main() -> std::process::ExitCode {
    tollgate_runner::main_of("owasp", tollgate::TOOLS)
}
