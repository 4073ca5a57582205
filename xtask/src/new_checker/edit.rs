//! One line more in files that people write.

use anyhow::{Context as _, Result};

/// `text` with `line` before the first line that begins with `before`.
pub(super) fn before(text: &str, before: &str, line: &str) -> Result<String> {
    let at = line_start(text, before).with_context(|| format!("no line begins with `{before}`"))?;
    Ok(format!("{}{line}\n{}", &text[..at], &text[at..]))
}

/// `text` with `line` in alphabetical order among the lines that follow `head`, up to a blank line or the end.
pub(super) fn among(text: &str, head: &str, line: &str) -> Result<String> {
    let head_at = line_start(text, head).with_context(|| format!("no line begins with `{head}`"))?;
    let mut at = head_at + text[head_at..].find('\n').map_or(text.len() - head_at, |end| end + 1);
    for other in text[at..].split_inclusive('\n') {
        if other.trim().is_empty() || other.starts_with('[') || other.trim_end() > line {
            break;
        }
        at += other.len();
    }
    Ok(format!("{}{line}\n{}", &text[..at], &text[at..]))
}

/// `text` with `item` in alphabetical order in the array that begins with `head` (`const X: &[T] =`), laid out as rustfmt does
/// within `width` columns: on the line of its name, on the next, or an item a line.
pub(super) fn array(text: &str, head: &str, item: &str, width: usize) -> Result<String> {
    let missing = || format!("no array begins with `{head}`");
    let (start, rest) = text.split_once(head).with_context(missing)?;
    let rest = rest.trim_start().strip_prefix("&[").with_context(missing)?;
    let (inner, end) = rest.split_once("];").with_context(missing)?;
    let mut items: Vec<&str> = inner.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
    items.push(item);
    items.sort_unstable();
    let line_before = start.len() - start.rfind('\n').map_or(0, |at| at + 1);
    let one_line = format!("&[{}];", items.join(", "));
    let array = if line_before + head.len() + 1 + one_line.len() <= width {
        format!(" {one_line}")
    } else if 4 + one_line.len() <= width {
        format!("\n    {one_line}")
    } else {
        format!(" &[{}\n];", items.iter().map(|item| format!("\n    {item},")).collect::<String>())
    };
    Ok(format!("{start}{head}{array}{end}"))
}

/// Where the first line that begins with `start` begins.
fn line_start(text: &str, start: &str) -> Option<usize> {
    if text.starts_with(start) { Some(0) } else { text.find(&format!("\n{start}")).map(|at| at + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_before_another() {
        assert_eq!(before("a = 1\nb = 2\n", "b = ", "x = 3").unwrap(), "a = 1\nx = 3\nb = 2\n");
        assert_eq!(before("a = 1\n", "a", "x").unwrap(), "x\na = 1\n");
        assert!(before("ab = 1\n", "b", "x").is_err());
    }

    #[test]
    fn a_line_goes_among_others_in_order() {
        let text = "[a]\nx\n\n[dependencies]\nb.w\nd.w\n\n[other]\na\n";
        let with = |line| among(text, "[dependencies]", line).unwrap();
        assert_eq!(with("a.w"), text.replace("b.w", "a.w\nb.w"));
        assert_eq!(with("c.w"), text.replace("d.w", "c.w\nd.w"));
        assert_eq!(with("e.w"), text.replace("d.w", "d.w\ne.w"));
        assert_eq!(among("[dependencies]\n", "[dependencies]", "a").unwrap(), "[dependencies]\na\n");
        assert!(among(text, "[gone]", "a").is_err());
    }

    #[test]
    fn an_array_grows_on_one_line_until_it_is_full() {
        let one = "// x\nconst T: &[&X] = &[&a::A, &c::C];\n";
        let below = "// x\nconst T: &[&X] =\n    &[&a::A, &b::B, &c::C];\n";
        let full = "// x\nconst T: &[&X] = &[\n    &a::A,\n    &b::B,\n    &c::C,\n];\n";
        let spread = "// x\nconst T: &[&X] = &[\n    &a::A,\n    &c::C,\n];\n";
        let with = |text, width| array(text, "const T: &[&X] =", "&b::B", width).unwrap();
        assert_eq!(with(one, 80), "// x\nconst T: &[&X] = &[&a::A, &b::B, &c::C];\n");
        assert_eq!(with(one, 39), below);
        assert_eq!(with(one, 40), with(one, 80));
        let wrapped = one.replace("= &", "=\n    &");
        assert_eq!(with(&wrapped, 28), below);
        assert_eq!(with(spread, 27), below);
        assert_eq!(with(spread, 26), full);
        assert!(array(one, "const U", "&b::B", 80).is_err());
        assert!(array("const T: u8 = 1;", "const T: u8 =", "&b::B", 80).is_err());
    }
}
