use super::*;

fn parsed(text: &str) -> File {
    parse("a.ts", text)
}

#[test]
fn names_come_in_and_go_out() {
    let file = parsed(
        "import a, { b as c, d } from './x';\nimport * as n from \"pkg\";\nimport type { T } from './t';\nimport r = require('r');\n\
         const { q, z: y } = require('cjs');\nexport { c as default, d as e };\nexport { f } from './f';\nexport * from './all';\n\
         export * as ns from './ns';\nexport const g = 1, h = 2;\nexport default class {}\nexport interface I { a: string }\n",
    );
    let imports: Vec<String> =
        file.imports.iter().map(|i| format!("{}={}:{}", i.local, i.from, i.name.text())).collect();
    let expected = ["a=./x:default", "c=./x:b", "d=./x:d", "n=pkg:*", "T=./t:T", "r=r:*", "q=cjs:q", "y=cjs:z"];
    assert_eq!(imports, expected);
    let exports: Vec<String> = file
        .exports
        .iter()
        .map(|export| match export {
            Export::Local { exported, local } => format!("{} is {local}", exported.text()),
            Export::From { exported, name, from } => format!("{} is {}:{}", exported.text(), from, name.text()),
            Export::Star { from } => format!("all of {from}"),
        })
        .collect();
    let expected = [
        "default is c",
        "e is d",
        "f is ./f:f",
        "all of ./all",
        "ns is ./ns:*",
        "g is g",
        "h is h",
        "default is default",
    ];
    assert_eq!(exports, expected);
    assert_eq!(file.types, ["I"]);
    assert_eq!(file.broken, None);
    assert!(file.declaration("h").is_some() && file.declaration("c").is_none());
}

#[test]
fn commonjs_hands_on_as_well() {
    let file =
        parse("a.js", "const r = make();\nmodule.exports = r;\nmodule.exports.a = 1;\nexports.b = require('./b').c;\n");
    let names: Vec<&str> = file
        .exports
        .iter()
        .map(|export| match export {
            Export::Local { exported, .. } | Export::From { exported, .. } => exported.text(),
            Export::Star { .. } => "*",
        })
        .collect();
    assert_eq!(names, ["default", "a", "b"]);
}

#[test]
fn classes_keep_their_decorators_in_every_place() {
    let file = parsed(
        "@A()\nexport class C extends B<X> implements I, J {\n  @F({ a: 'b' }) private readonly f: Map<string, U[]> = new Map();\n\
           constructor(@Inject('t') private x: T) { super(); }\n  // @Gone()\n  @M('p')\n  @N\n  async m(@Body() dto: Dto, { a, b: c }: any) { return `x${dto}y`; }\n}\n\
         @Z @Y() class D {}\n",
    );
    let Some((Stmt::Class(class), _)) = file.declaration("C") else { panic!("{:?}", file.body) };
    assert_eq!(class.decorators.len(), 1);
    assert_eq!(class.extends.as_ref().and_then(Expr::chain).as_deref(), Some("B"));
    assert_eq!(class.implements, ["I", "J"]);
    assert_eq!((class.fields[0].name.as_str(), class.fields[0].decorators.len()), ("f", 1));
    let method = class.method("m").unwrap();
    assert_eq!(method.decorators.len(), 2);
    assert_eq!(method.decorators[0].as_call().unwrap().arguments[0].as_text(), Some("p"));
    assert_eq!(method.lines, Lines { first: 8, last: 8 }, "the line of its name, not of its decorators");
    assert_eq!(method.parameters[0].decorators.len(), 1);
    let bound: Vec<(&str, Option<&str>)> =
        method.parameters[1].bindings.iter().map(|b| (b.local.as_str(), b.key.as_deref())).collect();
    assert_eq!(bound, [("a", Some("a")), ("c", Some("b"))]);
    let Some((Stmt::Class(other), _)) = file.declaration("D") else { panic!() };
    assert_eq!(other.decorators.len(), 2);
}

#[test]
fn expressions_keep_what_is_in_them() {
    let file = parsed(
        "const x = a?.b!.c['d'] as T;\nconst t = `p/${q}/r`;\nconst s = 'a\\'\\u0041';\nconst o = { k: 1, ...rest, m() { return 2 }, [c]: 3, 'q-r': e };\n\
         enum E { A = 'x', B }\nconst w = await f(new G(1), ...h);\nconst v = p ? !q : r ?? [];\n",
    );
    let value = |name: &str| match file.declaration(name) {
        Some((Stmt::Var { value: Some(value), .. }, _)) => value,
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(value("x").chain().as_deref(), Some("a.b.c.d"));
    let ExprKind::Template(parts) = &value("t").kind else { panic!() };
    assert_eq!(parts.len(), 3);
    assert_eq!(value("s").as_text(), Some("a'A"));
    assert!(value("o").get("k").is_some() && value("o").get("m").is_some() && value("o").get("q-r").is_some());
    assert_eq!(value("E").get("A").and_then(Expr::as_text), Some("x"));
    assert!(matches!(&value("E").get("B").unwrap().kind, ExprKind::Number(n) if n == "1"));
    assert_eq!(value("w").as_call().unwrap().arguments.len(), 2);
    assert!(matches!(&value("v").kind, ExprKind::Choice { .. }));
    let mut names = Vec::new();
    walk(&file.body, &mut |expr| names.extend(expr.last_name().map(str::to_owned)));
    assert!(names.contains(&"rest".to_owned()) && names.contains(&"h".to_owned()), "{names:?}");
}

#[test]
fn what_the_grammar_does_not_know_is_told_and_the_rest_is_read() {
    let file = parsed("import a from 'a';\nconst b = 1;\nclass { { {\nconst c = 2;\n");
    assert!(file.broken.is_some_and(|line| line >= 3), "{:?}", file.broken);
    assert_eq!(file.imports.len(), 1);
    assert!(file.declaration("b").is_some());
}

#[test]
fn what_lies_too_deep_is_left_out() {
    let text = format!("const a = 1;\nconst b = {}1{};\n", "[".repeat(20_000), "]".repeat(20_000));
    let file = parsed(&text);
    assert_eq!(file.broken, Some(2));
    let text = format!("const b = 1{};\n", " + 1".repeat(20_000));
    assert!(parsed(&text).broken.is_some());
}

#[test]
fn a_call_with_types_that_is_awaited_is_a_call() {
    let file = parsed("const a = await F.create<T>(M, { x: 1 });\n");
    let Some((Stmt::Var { value: Some(value), .. }, _)) = file.declaration("a") else { panic!() };
    let call = value.as_call().unwrap_or_else(|| panic!("{value:?}"));
    assert_eq!((call.callee.chain().as_deref(), call.arguments.len()), (Some("F.create"), 2), "{value:?}");
}
