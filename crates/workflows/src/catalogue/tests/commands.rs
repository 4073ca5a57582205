//! Real command lines with what they do, as the vendors document it.

use super::super::{Kind, program_of_image, tool};

/// What a command line is.
#[derive(Debug, PartialEq)]
enum Is {
    /// No tool of the catalogue.
    Unknown,
    /// A tool's, and no check.
    NoCheck,
    /// A check that ends with 0 whatever it finds.
    Quiet,
    /// A check that this flag mutes.
    Muted(&'static str),
    /// A check that passes when there is nothing to look at.
    Empty(&'static str),
    /// A check that fails.
    Check,
}

use Is::{Check, Empty, Muted, NoCheck, Quiet, Unknown};

fn split(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let (word, behind) = match rest.strip_prefix('\'') {
            Some(quoted) => quoted.split_once('\'').unwrap(),
            None => rest.split_once(' ').unwrap_or((rest, "")),
        };
        words.push(word);
        rest = behind.trim_start();
    }
    words
}

fn judged(line: &str) -> (Option<&'static str>, Is) {
    let argv = split(line);
    let Some(tool) = tool(&argv) else { return (None, Unknown) };
    let is = if !tool.is_check(&argv) {
        NoCheck
    } else if let Some(flag) = tool.muted_by(&argv) {
        Muted(flag.leak())
    } else if !tool.can_fail(&argv) {
        Quiet
    } else if let Some(flag) = tool.empty_by(&argv) {
        Empty(flag.leak())
    } else {
        Check
    };
    (Some(tool.name()), is)
}

fn expect(lines: &[(&str, &str, Is)]) {
    for (line, name, is) in lines {
        let (found, judged) = judged(line);
        assert_eq!((found.unwrap_or(""), &judged), (*name, is), "{line}");
    }
}

#[test]
fn tests_and_builds() {
    expect(&[
        ("cargo +nightly --locked test --workspace", "cargo test", Check),
        ("cargo test --no-run --locked", "cargo test --no-run", Check),
        ("cargo test -- --list", "cargo test", NoCheck),
        ("cargo nextest run --no-tests=pass", "cargo nextest", Empty("--no-tests=pass")),
        ("cargo nextest run --no-tests warn", "cargo nextest", Empty("--no-tests warn")),
        ("cargo nextest list", "", Unknown),
        ("cargo --version", "", Unknown),
        ("cargo install cargo-audit", "", Unknown),
        ("go test -race -coverprofile=c.out ./...", "go test", Check),
        ("go -C tools vet ./...", "go vet", Check),
        ("pytest -q -V tests", "pytest", Check),
        ("/usr/bin/py.test", "pytest", Check),
        ("pytest --collect-only", "pytest", NoCheck),
        ("node_modules/.bin/jest --passWithNoTests", "Jest", Empty("--passWithNoTests")),
        ("jest --passWithNoTests=false", "Jest", Check),
        ("jest --listTests", "Jest", NoCheck),
        ("vitest run --coverage", "Vitest", Check),
        ("vitest bench", "Vitest bench", Check),
        ("mocha --pass-on-failing-test-suite", "Mocha", Muted("--pass-on-failing-test-suite")),
        ("playwright test --list", "Playwright", NoCheck),
        ("playwright install --with-deps", "", Unknown),
        ("node --import tsx --test", "node --test", Check),
        ("node scripts/check.js --test", "", Unknown),
        ("./gradlew --no-daemon :app:check", "Gradle tests", Check),
        ("./gradlew :detekt-generator:copyDocs", "", Unknown),
        ("./gradlew.bat build -x test", "Gradle build", Check),
        ("./gradlew spotlessCheck", "Gradle format", Check),
        ("./gradlew --version", "", Unknown),
        ("mvn -B -ntp clean verify", "Maven tests", Check),
        ("./mvnw verify -DskipTests", "Maven build", Check),
        ("mvn verify -Dmaven.test.failure.ignore=true", "Maven tests", Muted("-Dmaven.test.failure.ignore=true")),
        ("mvn verify -Dmaven.test.failure.ignore=false", "Maven tests", Check),
        ("xcodebuild -scheme test -list", "Xcode build", NoCheck),
        ("cmake --build build --target test", "CMake tests", Check),
        ("make -C test all", "", Unknown),
        ("dotnet test --no-build", "dotnet test", Check),
        ("dotnet build -c Release", "dotnet build", Check),
        ("ctest --test-dir build -V", "CTest", Check),
        ("xcodebuild -scheme App -destination x test", "Xcode tests", Check),
        ("bundle.exe", "", Unknown),
        ("eslint.cmd src", "ESLint", Check),
        ("/opt/jmeter/bin/jmeter.sh -n -t plan.jmx", "JMeter", Quiet),
        ("scripts/eslint.sh", "", Unknown),
        ("node_modules/eslint/bin/eslint.js .", "ESLint", Check),
        (
            "go tool -modfile=go.tool.mod govulncheck -scan package -format sarif ./...",
            "govulncheck",
            Muted("-format sarif"),
        ),
        ("vendor/bin/phpunit --log-junit r.xml", "PHPUnit", Check),
        ("phpunit.phar", "PHPUnit", Check),
        ("make -j4 test", "make test", Check),
        ("make -n test", "make test", NoCheck),
        ("just fmt-check", "make format check", Check),
        ("make license-check", "make lint", Check),
        ("make install", "", Unknown),
        ("tsc --noEmit", "tsc", Check),
        ("tsc --showConfig", "tsc", NoCheck),
        ("docker build -t app .", "", Unknown),
        ("docker build --check .", "docker build --check", Check),
        ("git diff --exit-code", "git diff", Check),
        ("git -C sub diff", "git diff", NoCheck),
    ]);
}

#[test]
fn linters_and_formatters() {
    expect(&[
        ("eslint . --ext .ts", "ESLint", Check),
        ("eslint@9 --no-error-on-unmatched-pattern src", "ESLint", Empty("--no-error-on-unmatched-pattern")),
        ("eslint --version", "ESLint", NoCheck),
        ("eslint --fix src", "ESLint", Check),
        ("@biomejs/biome@2.1.0 ci .", "Biome", Check),
        ("prettier --check .", "Prettier", Check),
        ("prettier --write .", "Prettier", NoCheck),
        ("cargo fmt --all -- --check", "cargo fmt", Check),
        ("cargo fmt", "cargo fmt", NoCheck),
        ("cargo clippy --all-targets -- -D warnings", "cargo clippy", Check),
        ("black --check --diff .", "Black", Check),
        ("black --diff .", "Black", NoCheck),
        ("ruff check --exit-zero", "Ruff", Muted("--exit-zero")),
        ("ruff==0.12.0 check .", "Ruff", Check),
        ("ruff format .", "ruff format", NoCheck),
        ("flake8 --exit-zero src", "Flake8", Muted("--exit-zero")),
        ("pylint --fail-under=8 src", "Pylint", Check),
        ("gofmt -l .", "gofmt", Quiet),
        ("gofmt -l -w .", "gofmt", NoCheck),
        ("gofmt -d .", "gofmt", Check),
        ("goimports -l .", "goimports", Quiet),
        ("golangci-lint run --issues-exit-code 0", "golangci-lint", Muted("--issues-exit-code 0")),
        ("staticcheck -fail none ./...", "staticcheck", Muted("-fail none")),
        ("clang-format --dry-run src/a.c", "clang-format", Quiet),
        ("clang-format -n -Werror src/a.c", "clang-format", Check),
        ("dotnet format --verify-no-changes", "dotnet format", Check),
        ("dotnet format", "dotnet format", NoCheck),
        ("cppcheck --enable=all src", "Cppcheck", Quiet),
        ("cppcheck --error-exitcode=1 src", "Cppcheck", Check),
        ("hadolint --no-fail Dockerfile", "Hadolint", Muted("--no-fail")),
        ("hadolint -v", "Hadolint", NoCheck),
        ("shfmt -d .", "shfmt", Check),
        ("terraform -chdir=infra fmt -check -recursive", "Terraform fmt", Check),
        ("terraform fmt", "Terraform fmt", NoCheck),
        ("bash -n deploy.sh", "bash -n", Check),
        ("bash deploy.sh -n prod", "", Unknown),
        ("sonar-scanner -Dsonar.projectKey=x", "SonarScanner", Quiet),
        ("sonar-scanner -Dsonar.qualitygate.wait=true", "SonarScanner", Check),
        ("reviewdog -fail-level=none", "reviewdog", Quiet),
        ("reviewdog -fail-level any", "reviewdog", Check),
        ("zizmor --format sarif .", "zizmor", Muted("--format sarif")),
        ("zizmor --format=plain .", "zizmor", Check),
        ("vale --no-exit docs", "Vale", Muted("--no-exit")),
        ("vale sync", "Vale", NoCheck),
        ("knip --no-exit-code", "Knip", Muted("--no-exit-code")),
        ("madge src", "Madge", NoCheck),
    ]);
}

#[test]
fn security() {
    expect(&[
        ("trivy fs .", "Trivy", Quiet),
        ("trivy --cache-dir .c image --severity HIGH --exit-code 1 app", "Trivy", Check),
        ("trivy --exit-code 1 image app", "Trivy", Check),
        ("trivy image --exit-code 0 app", "Trivy", Quiet),
        ("trufflehog --fail git file://.", "TruffleHog", Check),
        ("trivy image --exit-code=0 app", "Trivy", Quiet),
        ("trivy fs . --scanners secret --format table", "Trivy secrets", Quiet),
        ("trivy config .", "Trivy config", Quiet),
        ("trivy --version", "", Unknown),
        ("trivy image --download-db-only", "Trivy", NoCheck),
        ("grype dir:. -o json", "Grype", Quiet),
        ("grype dir:. --fail-on high", "Grype", Check),
        ("grype db update", "Grype", NoCheck),
        ("semgrep --config=p/owasp-top-ten --json --output=r.json .", "Semgrep", Quiet),
        ("semgrep scan --error", "Semgrep", Check),
        ("semgrep ci", "semgrep ci", Check),
        ("checkov -d . --soft-fail", "Checkov", Muted("--soft-fail")),
        ("checkov -d . -s", "Checkov", Muted("-s")),
        ("checkov -d . --soft-fail-on LOW", "Checkov", Check),
        ("checkov --version", "Checkov", NoCheck),
        ("terrascan scan -i docker", "Terrascan", Check),
        ("terrascan version", "", Unknown),
        ("tfsec . -s", "tfsec", Muted("-s")),
        ("tflint --init", "TFLint", NoCheck),
        ("kics scan -p . --ignore-on-exit results", "KICS", Muted("--ignore-on-exit results")),
        ("kubescape scan .", "Kubescape", Quiet),
        ("polaris audit --set-exit-code-on-danger", "Polaris", Check),
        ("snyk test --json", "Snyk", Check),
        ("snyk auth token", "", Unknown),
        ("snyk monitor", "", Unknown),
        ("npm audit --json", "npm audit", Check),
        ("npm --prefix apps/web audit --audit-level=none", "npm audit", Muted("--audit-level=none")),
        ("npm audit fix", "npm audit", NoCheck),
        ("pnpm audit --fix", "pnpm audit", NoCheck),
        ("pnpm --filter api audit --ignore-registry-errors", "pnpm audit", Empty("--ignore-registry-errors")),
        ("yarn npm audit --all", "yarn npm audit", Check),
        ("yarn audit --level high", "yarn audit", Check),
        ("pnpm outdated --format json", "pnpm outdated", Check),
        ("osv-scanner --allow-no-lockfiles -r .", "OSV-Scanner", Empty("--allow-no-lockfiles")),
        ("gitleaks detect --exit-code 0", "Gitleaks", Muted("--exit-code 0")),
        ("gitleaks git --report-path r.json .", "Gitleaks", Check),
        ("gitleaks version", "Gitleaks 7", NoCheck),
        ("trufflehog git file://. --json", "TruffleHog", Quiet),
        ("trufflehog --no-update filesystem . --fail", "TruffleHog", Check),
        ("detect-secrets scan", "detect-secrets", Quiet),
        ("detect-secrets-hook --baseline .b a.py", "detect-secrets-hook", Check),
        ("bandit -r src --exit-zero", "Bandit", Muted("--exit-zero")),
        ("gosec -no-fail ./...", "gosec", Muted("-no-fail")),
        ("govulncheck -format sarif ./...", "govulncheck", Muted("-format sarif")),
        ("nuclei -u http://localhost -o out.json", "Nuclei", Quiet),
        ("nuclei -update-templates -silent", "Nuclei", NoCheck),
        ("zap-baseline.py -t http://x -I", "ZAP scan", Muted("-I")),
        ("zap-baseline.py -t http://x -c rules.conf -I", "ZAP scan with a rule file", Check),
        ("cargo outdated", "cargo outdated", Quiet),
        ("cargo outdated --exit-code 1", "cargo outdated", Check),
        ("cargo audit fix", "cargo audit", NoCheck),
        ("cargo deny --all-features check advisories", "cargo deny", Check),
        ("license-checker --json --out l.json", "license-checker", Quiet),
        ("license-checker --onlyAllow MIT", "license-checker", Check),
        ("dependency-check.sh --scan .", "OWASP Dependency-Check", Quiet),
        ("dependency-check --scan . --failOnCVSS 7", "OWASP Dependency-Check", Check),
        ("dotnet list package --vulnerable", "dotnet list package", Quiet),
        ("docker scout cves app", "Docker Scout", Quiet),
        ("brakeman --no-exit-on-warn", "Brakeman", Muted("--no-exit-on-warn")),
        ("safety check --continue-on-error", "Safety", Muted("--continue-on-error")),
    ]);
}

#[test]
fn measures() {
    expect(&[
        ("lighthouse http://localhost:3000 --output=json", "Lighthouse", Quiet),
        ("lighthouse http://x --only-categories=accessibility", "Lighthouse accessibility", Quiet),
        ("@lhci/cli@0.15.x autorun", "Lighthouse CI", Check),
        ("lhci collect", "Lighthouse CI collect", Quiet),
        ("axe http://localhost:3000 --reporter json", "axe", Quiet),
        ("@axe-core/cli http://localhost --exit", "axe", Check),
        ("pa11y http://localhost --standard WCAG2AA", "pa11y", Check),
        ("k6 run --no-thresholds load.js", "k6", Muted("--no-thresholds")),
        ("ab -n 100 http://x/", "ApacheBench", Quiet),
        ("newman run c.json --suppress-exit-code", "Newman", Muted("--suppress-exit-code")),
        ("codecov -Z", "Codecov", Check),
        ("codecov", "Codecov", Quiet),
        ("coverage report --fail-under=80", "coverage report", Check),
        ("coverage report -m", "coverage report", Quiet),
        ("diff-cover c.xml --fail-under 80", "diff-cover", Check),
        ("lychee --no-progress README.md", "lychee", Check),
        ("sphinx-build -b linkcheck docs out", "Sphinx linkcheck", Check),
        ("chromatic --exit-zero-on-changes", "Chromatic", Muted("--exit-zero-on-changes")),
        ("oasdiff breaking a.yaml b.yaml", "oasdiff", Quiet),
        ("oasdiff breaking a.yaml b.yaml --fail-on ERR", "oasdiff", Check),
        ("commitlint --from HEAD~1", "commitlint", Check),
        ("", "", Unknown),
        ("curl -fsS https://example.org", "", Unknown),
    ]);
}

#[test]
fn kinds_follow_what_is_asked() {
    let kind = |line: &str| tool(&split(line)).map(|tool| tool.kind);
    assert_eq!(kind("gradle test lint"), Some(Kind::Tests));
    assert_eq!(kind("gradle ktlintCheck"), Some(Kind::Lint));
    assert_eq!(kind("mvn verify sonar:sonar"), Some(Kind::Tests));
    assert_eq!(kind("trivy repo --scanners=misconfig ."), Some(Kind::Infrastructure));
}

#[test]
fn report_files_are_named_by_flags() {
    let files = |line: &str| {
        let argv = split(line);
        tool(&argv).unwrap().report_files(&argv).join(" ")
    };
    assert_eq!(files("eslint -f json -o out.json ."), "out.json");
    assert_eq!(files("gitleaks detect --report-path=r.json"), "r.json");
    assert_eq!(files("semgrep --json --output a.json --sarif-output=b.sarif"), "a.json b.sarif");
    assert_eq!(files("pytest --junitxml=j.xml --cov-report=xml:c.xml --cov-report term"), "j.xml c.xml");
    assert_eq!(files("grype . -o json=g.json -o table"), "g.json");
    assert_eq!(files("vitest run --outputFile.junit=v.xml"), "v.xml");
    assert_eq!(files("trivy fs . --output"), "");
    assert_eq!(files("hadolint Dockerfile --format json"), "");
    assert_eq!(files("sqlfluff lint --write-output -"), "");
}

#[test]
fn images_start_programs() {
    assert_eq!(program_of_image("aquasec/trivy:latest"), Some("trivy"));
    assert_eq!(program_of_image("docker.io/aquasec/trivy@sha256:0a"), Some("trivy"));
    assert_eq!(program_of_image("ghcr.io/gitleaks/gitleaks:v8"), Some("gitleaks"));
    assert_eq!(program_of_image("localhost:5000/aquasec/trivy"), None);
    assert_eq!(program_of_image("owasp/dependency-check"), Some("dependency-check"));
    assert_eq!(program_of_image("node:22"), None);
}

#[test]
fn any_words_are_answered() {
    let long = "x".repeat(1 << 16);
    let words =
        ["", "@", "@@", "a@", "=", "==", "-", "--", "*", "\u{e9}.exe", "\\", "/", ":", "é@é", "trivy", long.as_str()];
    for first in words {
        for second in words {
            let argv = [first, second, "--exit-code"];
            assert!(tool(&argv).is_none_or(|tool| tool.report_files(&argv).is_empty()));
            assert_eq!(program_of_image(first), None);
        }
    }
    assert!(tool(&[]).is_none());
    let many = vec!["-x"; 100_000];
    assert!(tool(&[&["gradle"][..], &many].concat()).is_none());
}
