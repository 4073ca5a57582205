//! `tollgate`: every checker behind one command.

fn main() -> std::process::ExitCode {
    tollgate_runner::main(tollgate::UMBRELLA)
}
