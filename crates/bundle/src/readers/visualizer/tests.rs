use crate::readers::trial::told_of;

const DATA: &str = include_str!("../samples/visualizer.json");
const NOTE: &str = "note: stats.json: from modules, not from chunks: what a module imports counts although all of it may have been dropped";

#[test]
fn modules_bring_the_files_they_lie_in() {
    let files = ["r1.js", "r2.js", "r-shared-BglOBsMd.js", "r-lazy-eC_64diH.js", "r-later-CVY1IEf9.js"];
    let expected = [
        "Rollup",
        "src/r1.js: r-shared-BglOBsMd.js r1.js | r-later-CVY1IEf9.js r-lazy-eC_64diH.js",
        "src/r2.js: r-shared-BglOBsMd.js r2.js | ",
        NOTE,
    ];
    assert_eq!(told_of(DATA, &files), expected);
}

#[test]
fn a_file_brings_every_module_in_it() {
    let data = r#"{"version": 2, "nodeMetas": {
        "0": {"id": "/a", "isEntry": true, "moduleParts": {"a.js": "p"}, "imported": [{"uid": "1"}]},
        "1": {"id": "/b", "moduleParts": {"b.js": "p"}, "imported": []},
        "2": {"id": "/c", "moduleParts": {"b.js": "p"}, "imported": [{"uid": "3"}, {"uid": "4", "dynamic": true}]},
        "3": {"id": "/d", "moduleParts": {"d.js": "p"}, "imported": []},
        "4": {"id": "/e", "moduleParts": {"e.js": "p"}, "imported": []}}}"#;
    let expected = ["Rollup", "a: a.js b.js d.js | e.js", NOTE];
    assert_eq!(told_of(data, &["a.js", "b.js", "d.js", "e.js"]), expected);
}

#[test]
fn what_is_not_known_is_a_problem() {
    let data = r#"{"nodeParts": {}, "nodeMetas": {
        "0": {"id": "/a", "isEntry": true, "moduleParts": {"a.js": "p"}, "imported": []},
        "1": {"id": "\u0000rolldown/runtime.js", "moduleParts": {"runtime.js": "p"}, "imported": []},
        "2": {"id": "react", "moduleParts": {}, "imported": [], "isExternal": true}}}"#;
    let runtime =
        "problem: stats.json: does not say what loads runtime.js; write the output bundle with a plugin instead";
    assert_eq!(told_of(data, &["a.js", "runtime.js"]), ["Rollup", "a: a.js | ", NOTE, runtime]);
    let sheets =
        "problem: stats.json: says nothing of style sheets, and the build has some: which are loaded is not known";
    let lines = told_of(&data.replace("{\"runtime.js\": \"p\"}", "{}"), &["a.js", "a.css"]);
    assert_eq!(lines, ["Rollup", "a: a.js | ", NOTE, sheets]);
}
