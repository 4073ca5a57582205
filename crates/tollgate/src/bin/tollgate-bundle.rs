//! `tollgate-bundle`: the same code as `tollgate bundle`.

fn main() -> std::process::ExitCode {
    tollgate_runner::main_of("bundle", tollgate::TOOLS)
}
