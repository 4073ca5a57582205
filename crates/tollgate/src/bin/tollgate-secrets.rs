//! `tollgate-secrets`: the same code as `tollgate secrets`.

fn main() -> std::process::ExitCode {
    tollgate_runner::main_of("secrets", tollgate::TOOLS)
}
