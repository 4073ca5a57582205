//! `compare`: two commands, run alternately, side by side.
//!
//! Each run is measured in a fresh process of this program, so that what the system reports about finished children is
//! about that one command. CPU seconds are user plus system time of the command and of everything it waited for. Peak
//! memory is that of the largest single process of its tree, not the sum of the tree.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

mod measure;
mod stats;
mod table;

use measure::Measurement;
pub(crate) use measure::main as measure_main;
use table::Comparison;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Runs of each command that count; one more of each comes first and does not
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// What is compared, for the first column
    #[arg(long, default_value = "comparison")]
    name: String,
    /// Size of what both commands read
    #[arg(long, value_name = "N", conflicts_with = "input")]
    input_bytes: Option<u64>,
    /// The file or folder both commands read; its size is shown
    #[arg(long, value_name = "PATH")]
    input: Option<PathBuf>,
    /// The two commands, `:::` between them; a shell reads neither
    #[arg(last = true, required = true, value_name = "COMMAND_A ::: COMMAND_B")]
    commands: Vec<String>,
}

#[derive(clap::Args)]
pub(crate) struct MeasureArguments {
    /// The command
    #[arg(last = true, required = true)]
    command: Vec<String>,
}

/// Runs both, warm-up first, and prints what they cost.
pub(crate) fn main(arguments: &Arguments) -> Result<()> {
    let (a, b) = split(&arguments.commands)?;
    let input = match (&arguments.input, arguments.input_bytes) {
        (Some(path), _) => Some(size(path).with_context(|| path.display().to_string())?),
        (None, bytes) => bytes,
    };
    let mut runs: [Vec<Measurement>; 2] = [Vec::new(), Vec::new()];
    for round in 0..=arguments.runs {
        for (command, runs) in [a, b].into_iter().zip(&mut runs) {
            let measured = measure::in_fresh_process(command)?;
            if round > 0 {
                runs.push(measured);
            }
        }
    }
    let [runs_a, runs_b] = &runs;
    let comparison = Comparison {
        name: &arguments.name,
        input,
        sides: [(program(a), runs_a.as_slice()), (program(b), runs_b.as_slice())],
    };
    print!("{}", comparison.text());
    print!("\n{}", comparison.markdown());
    Ok(())
}

/// The two commands.
fn split(words: &[String]) -> Result<(&[String], &[String])> {
    let sides: Vec<&[String]> = words.split(|word| word == ":::").collect();
    match sides.as_slice() {
        [a, b] if !a.is_empty() && !b.is_empty() => Ok((a, b)),
        _ => bail!("expected two commands with one `:::` between them, found {}", sides.len()),
    }
}

/// The file name of the program.
fn program(command: &[String]) -> String {
    let first = command.first().map_or("", String::as_str);
    PathBuf::from(first).file_name().map_or_else(|| first.to_owned(), |name| name.to_string_lossy().into_owned())
}

/// Bytes of a file, or of all files below a folder.
fn size(path: &std::path::Path) -> std::io::Result<u64> {
    let meta = fs::symlink_metadata(path)?;
    if !meta.is_dir() {
        return Ok(fs::metadata(path)?.len());
    }
    let mut sum = 0;
    for entry in fs::read_dir(path)? {
        sum += size(&entry?.path())?;
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn two_commands_are_told_apart() {
        let both = words("a x ::: /bin/b y z");
        let (a, b) = split(&both).unwrap();
        assert_eq!((a.len(), b.len()), (2, 3));
        assert_eq!(program(b), "b");
        for bad in ["a", "a :::", "::: b", "a ::: b ::: c"] {
            assert!(split(&words(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_folder_is_as_large_as_its_files() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("sub")).unwrap();
        fs::write(dir.path().join("a"), "123").unwrap();
        fs::write(dir.path().join("sub/b"), "4567").unwrap();
        assert_eq!(size(dir.path()).unwrap(), 7);
        assert_eq!(size(&dir.path().join("a")).unwrap(), 3);
    }
}
