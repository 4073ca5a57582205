#[test]
fn probe() {
    use std::collections::BTreeSet;
    let Ok(list) = std::env::var("PROBE") else { return };
    for line in list.split_whitespace() {
        let parts: Vec<&str> = line.split(',').collect();
        let root = tollgate_input::Root::new(std::path::Path::new(parts[0])).unwrap();
        let base = root.path().join(parts[1]);
        let mut files = Vec::new();
        let mut stack = vec![base.clone()];
        while let Some(dir) = stack.pop() {
            for e in std::fs::read_dir(dir).unwrap() {
                let p = e.unwrap().path();
                if p.is_dir() {
                    stack.push(p)
                } else {
                    files.push(p.strip_prefix(&base).unwrap().to_str().unwrap().to_owned())
                }
            }
        }
        let set: BTreeSet<&str> = files.iter().map(String::as_str).collect();
        let build = crate::build::Build {
            root: &root,
            dir: parts[1],
            manifest: parts.get(2).copied(),
            files: &set,
            record: &|_, _| {},
        };
        println!("### {line}");
        match crate::readers::read(&build) {
            Ok(Some(a)) => {
                println!(
                    "{} notes={:#?} problems={:?}",
                    a.bundler,
                    a.notes,
                    a.problems.iter().map(|p| &p.message).collect::<Vec<_>>()
                );
                for l in a.loads {
                    println!("  {:?} {}\n     now  {:?}\n     lazy {:?}", l.start, l.name, l.initial, l.lazy)
                }
            }
            other => println!("{other:?}"),
        }
    }
}
