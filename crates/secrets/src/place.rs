//! What a path says about what stands in the file.

/// Folders that hold what tests need.
const TESTS: &[&str] = &[
    "test",
    "tests",
    "testing",
    "__tests__",
    "spec",
    "specs",
    "e2e",
    "fixture",
    "fixtures",
    "__fixtures__",
    "testdata",
    "test-data",
    "test_data",
    "mock",
    "mocks",
    "__mocks__",
    "example",
    "examples",
    "sample",
    "samples",
    "demo",
    "demos",
    "doc",
    "docs",
    "documentation",
    "tutorial",
    "tutorials",
    "__snapshots__",
    "snapshots",
    "cassettes",
    "integration",
    "unit",
    "benches",
    "benchmark",
    "benchmarks",
    "testsuite",
    "test-suite",
    "resources_test",
    "vendor",
    "third_party",
    "node_modules",
    "man",
    "locale",
    "locales",
    "i18n",
    "translations",
];

/// Whether what stands in the file is most likely made up: for a test, for a page of documentation.
pub(crate) fn is_staged(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let folder = |part: &str| {
        TESTS.contains(&part)
            || part.starts_with("test-")
            || part.ends_with("-test")
            || part.ends_with("-tests")
            || part.ends_with("_test")
            || part.ends_with("_tests")
            || part.ends_with(".tests")
    };
    let stem = name.split('.').next().unwrap_or_default();
    folders.split('/').any(folder)
        || [
            ".test.",
            ".spec.",
            "_test.",
            "_spec.",
            ".stories.",
            ".snap",
            ".example",
            ".sample",
            ".template",
            ".dist",
            ".md",
            ".mdx",
            ".rst",
            ".adoc",
            ".po",
            ".pot",
        ]
        .iter()
        .any(|piece| name.contains(piece))
        || path.split('/').any(|part| ["Test", "Tests", "Specs", "Fixtures"].iter().any(|end| part.ends_with(end)))
        || stem.starts_with("test_")
        || stem.starts_with("test-")
        || stem == "conftest"
        || name.starts_with("changelog")
        || name.starts_with("readme")
        || path.rsplit('/').next().is_some_and(|name| {
            ["Test.", "Tests.", "Spec.", "IT.", "TestCase."].iter().any(|piece| name.contains(piece))
        })
}

/// Whether a file is written by a program and holds long random values that are none of anybody's: lists of locked versions,
/// minified programs, drawings.
pub(crate) fn is_generated(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    const NAMES: &[&str] = &[
        "package-lock.json",
        "npm-shrinkwrap.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "pnpm-lock.yml",
        "bun.lock",
        "cargo.lock",
        "go.sum",
        "go.mod",
        "composer.lock",
        "poetry.lock",
        "pipfile.lock",
        "uv.lock",
        "pdm.lock",
        "gemfile.lock",
        "podfile.lock",
        "packages.lock.json",
        "flake.lock",
        "mix.lock",
        "pubspec.lock",
        "gradle.lockfile",
        "deno.lock",
        "verification-metadata.xml",
        "gradlew",
        "module.bazel.lock",
    ];
    const ENDS: &[&str] = &[
        ".min.js",
        ".min.css",
        ".map",
        ".svg",
        ".bundle.js",
        ".lock",
        ".ipynb",
        ".snap",
        ".pdf",
        ".woff",
        ".woff2",
        ".ttf",
        ".eot",
        ".css",
        ".scss",
        ".less",
        ".pbxproj",
        ".sum",
    ];
    NAMES.contains(&name.as_str()) || ENDS.iter().any(|end| name.ends_with(end))
}

/// Whether a value without quotes is a value there, and not the name of one: in settings, scripts and text, not in source code.
pub(crate) fn is_setting(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    const ENDS: &[&str] = &[
        "env",
        "ini",
        "cfg",
        "conf",
        "config",
        "cnf",
        "properties",
        "yml",
        "yaml",
        "sh",
        "bash",
        "zsh",
        "fish",
        "ps1",
        "bat",
        "cmd",
        "txt",
        "service",
        "netrc",
        "npmrc",
        "pypirc",
        "tfvars",
        "md",
        "mdx",
        "rst",
        "adoc",
        "log",
        "http",
        "rest",
        "xml",
        "csproj",
        "plist",
        "desktop",
        "dockerfile",
        "containerfile",
        "sql",
        "toml",
        "secrets",
        "credentials",
        "pem",
        "key",
        "tpl",
        "j2",
        "example",
        "sample",
        "dist",
        "local",
        "production",
        "development",
        "staging",
    ];
    let end = name.rsplit_once('.').map_or("", |(_, end)| end);
    end.is_empty() || ENDS.contains(&end) || name.starts_with(".env") || name.contains("dockerfile")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_what_a_file_is_for() {
        for path in [
            "tests/a.py",
            "src/__tests__/a.ts",
            "pkg/a_test.go",
            "docs/setup.md",
            "src/AuthServiceTest.java",
            "README.md",
            "spec/x.rb",
            ".env.example",
        ] {
            assert!(is_staged(path), "{path}");
        }
        for path in ["src/a.py", "contest/a.ts", ".env", "latest/a.go", "config/prod.yml", "src/attestation.ts"] {
            assert!(!is_staged(path), "{path}");
        }
        assert!(is_generated("web/package-lock.json") && is_generated("a.min.js") && !is_generated("a.js"));
        assert!(
            is_setting(".env.production")
                && is_setting("a/Dockerfile")
                && is_setting("b.yml")
                && !is_setting("a.ts")
                && !is_setting("a.rs")
        );
    }
}
