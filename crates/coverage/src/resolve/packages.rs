//! Files of classes: `module:package/of/classes/File.java`, whose source root nobody names (JaCoCo, Kover).

use std::collections::HashMap;

use tollgate_check::Context;

use super::Place;
use super::endings::Endings;

/// How much of a source file is read to find its package, bytes.
const PACKAGE_LINE: u64 = 1 << 20;

/// How many files one path may mean before reading them is given up.
const MOST: usize = 50;

/// Modules that reports name, and whether folders of the tree are called like them.
pub(super) type Modules = HashMap<String, bool>;

/// The file that `path` means in the module it names, if it names one.
pub(super) fn place(ctx: &Context<'_>, endings: &Endings, report: &str, path: &str, modules: &mut Modules) -> Place {
    let (module, path) = path.split_once(':').unwrap_or(("", path));
    let files = endings.ending_with(path);
    // A module that is no folder says nothing about where its files lie.
    let module = if module.is_empty() || files.is_empty() {
        module
    } else {
        let is_folder = modules.entry(module.to_owned()).or_insert_with(|| endings.has_folders(module));
        if *is_folder { module } else { "" }
    };
    let (package, name) = path.rsplit_once('/').unwrap_or(("", path));
    let package = package.replace('/', ".");
    let place = if path.ends_with(".java") && files.len() <= MOST {
        let fits = |file: &&String| declared(ctx, file).is_none_or(|declared| declared == package);
        choose(&files.iter().filter(fits).cloned().collect::<Vec<_>>(), path, module, report)
    } else {
        choose(files, path, module, report)
    };
    if place != Place::Nowhere || !is_kotlin(path) {
        return place;
    }
    // Kotlin files may leave the folders out that every package of the module begins with, but not the package.
    let files = endings.named(name);
    if files.len() > MOST {
        return Place::Nowhere;
    }
    let of_package = |file: &&String| declared(ctx, file).unwrap_or_default() == package;
    let files: Vec<String> = files.iter().filter(of_package).cloned().collect();
    choose(&files, name, module, report)
}

/// Of `files`, which end with `path`, the one of this module, nearest to the report; several where that does not tell.
fn choose(files: &[String], path: &str, module: &str, report: &str) -> Place {
    let of_module = |file: &&String| {
        let root = file.strip_suffix(path).unwrap_or(file);
        has_folders(root, module)
    };
    let mut left: Vec<&String> = files.iter().filter(of_module).collect();
    let nearness = |file: &String| file.split('/').zip(report.split('/')).take_while(|(a, b)| a == b).count();
    let nearest = left.iter().map(|file| nearness(file)).max().unwrap_or(0);
    left.retain(|file| nearness(file) == nearest);
    match left.as_slice() {
        [] => Place::Nowhere,
        [file] => Place::File((*file).clone()),
        several => Place::Several(several.iter().take(2).map(|file| (*file).clone()).collect()),
    }
}

/// Whether the folders of `module` stand in `path`, in their order.
pub(super) fn has_folders(path: &str, module: &str) -> bool {
    let mut folders = module.split('/').filter(|part| !part.is_empty()).peekable();
    for part in path.split('/') {
        folders.next_if_eq(&part);
    }
    folders.peek().is_none()
}

fn is_kotlin(path: &str) -> bool {
    [".kt", ".kts"].iter().any(|end| path.ends_with(end))
}

/// The package that a Java or Kotlin file says it belongs to; none where it says none.
fn declared(ctx: &Context<'_>, file: &str) -> Option<String> {
    let bytes = ctx.tree().read(file, PACKAGE_LINE).ok()?;
    let text = tollgate_input::utf8(&bytes);
    let declared = text.lines().find_map(|line| line.trim().strip_prefix("package "))?;
    Some(declared.split(';').next().unwrap_or_default().trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(files: &[&str], module: &str, report: &str) -> Place {
        choose(&files.iter().map(|file| (*file).to_owned()).collect::<Vec<_>>(), "x/F.java", module, report)
    }

    #[test]
    fn the_module_tells_and_then_the_nearest() {
        let files = ["a/src/main/java/x/F.java", "b/src/main/java/x/F.java"];
        let file = |at: usize| Place::File(files[at].to_owned());
        assert_eq!(chosen(&files, "b", "report.xml"), file(1));
        assert_eq!(chosen(&files, "", "a/build/report.xml"), file(0));
        assert!(matches!(chosen(&files, "", "report.xml"), Place::Several(both) if both == files));
        assert_eq!(chosen(&files[..1], "b", "report.xml"), Place::Nowhere, "another module's file is another file");
        let core = ["core/src/main/java/x/F.java", "app/core-like/x/F.java"];
        assert_eq!(chosen(&core, "core", "report.xml"), Place::File(core[0].to_owned()));
        assert_eq!(chosen(&[], "", ""), Place::Nowhere);
    }
}
