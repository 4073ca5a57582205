//! Go: programs of other modules.

use super::words::{Options, Until, listed, scan};
use super::{Answer, At, Call};

const OPTIONS: Options = Options {
    flags: "-a -n -x -v -race -msan -asan -cover -work -trimpath -modcacherw -json",
    valued: "-C -p -mod -modfile -tags -ldflags -gcflags -asmflags -exec -pkgdir -toolexec -overlay -buildvcs \
            -covermode -coverpkg -pgo",
};

/// Tools that are Go's own.
const TOOLS: &str = "\
    addr2line asm buildid cgo compile covdata cover dist distpack doc fix link nm objdump pack pprof vet";

/// What `go` with these words runs.
pub(super) fn call(at: &At<'_>, words: &[String]) -> Answer {
    let first = scan(words, &Options { flags: "", valued: "-C" }, Until::Words(1));
    let command = first.words.first().map(String::as_str);
    let place = |given: Option<&str>| match given {
        Some(folder) => at.moved(folder),
        None => Ok(at.within(&at.cwd)),
    };
    let place = place(first.last("-C"));
    match command {
        Some("run") => {
            let given = scan(&first.rest, &OPTIONS, Until::Words(0));
            let Some((package, rest)) = given.rest.split_first() else { return Ok(Call::Itself) };
            let Some(program) = program(package) else { return Ok(Call::Itself) };
            given.sure()?;
            let place = match given.last("-C") {
                Some(folder) => place?.moved(folder)?,
                None => place?,
            };
            place.program(std::iter::once(program).chain(rest.iter().cloned()).collect())
        }
        Some("tool") => {
            let given = scan(&first.rest, &OPTIONS, Until::Words(0));
            let Some((name, rest)) = given.rest.split_first() else { return Ok(Call::Itself) };
            if listed(TOOLS, name) || given.sure().is_err() {
                return Ok(Call::Itself);
            }
            let name = program(name).unwrap_or_else(|| name.clone());
            place?.program(std::iter::once(name).chain(rest.iter().cloned()).collect())
        }
        _ => Ok(Call::Itself),
    }
}

/// The program that a package of another module is built into.
fn program(package: &str) -> Option<String> {
    let (path, _) = package.split_once('@').unwrap_or((package, ""));
    let host = path.split('/').next()?;
    if path.starts_with('.') || path.ends_with(".go") || !host.contains('.') || path.contains('$') {
        return None;
    }
    let is_version =
        |part: &&str| part.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    path.split('/').rfind(|part| !part.is_empty() && !is_version(part)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_of_other_modules_are_programs() {
        let cases = [
            ("golang.org/x/vuln/cmd/govulncheck@latest", Some("govulncheck")),
            ("github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.1.0", Some("golangci-lint")),
            ("github.com/a/tool/v3@v3.0.1", Some("tool")),
            ("mvdan.cc/gofumpt", Some("gofumpt")),
            ("mvdan.cc/gofumpt@${{ env.V }}", Some("gofumpt")),
            ("./cmd/x", None),
            ("main.go", None),
            ("cmd/x", None),
            ("$TOOL", None),
        ];
        for (package, name) in cases {
            assert_eq!(program(package).as_deref(), name, "{package}");
        }
    }
}
