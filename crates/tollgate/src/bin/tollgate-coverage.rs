//! `tollgate-coverage`: the same code as `tollgate coverage`.

fn main() -> std::process::ExitCode {
    tollgate_runner::main_of("coverage", tollgate::TOOLS)
}
