//! `tollgate-latency`: the same code as `tollgate latency`.

fn main() -> std::process::ExitCode {
    tollgate_runner::main_of("latency", tollgate::TOOLS)
}
