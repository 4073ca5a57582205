//! `tollgate-workflows`: the same code as `tollgate workflows`.

fn main() -> std::process::ExitCode {
    tollgate_runner::main_of("workflows", tollgate::TOOLS)
}
