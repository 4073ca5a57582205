//! Classes of characters.

use super::{Fault, Reader};

const NAMED: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word",
    "xdigit",
];

impl Reader<'_> {
    /// After `[`. Rewritten item by item, since a nested bracket and `&&`, `--`, `~~` mean something here.
    pub(super) fn class(&mut self) -> Result<(), Fault> {
        let mut items = String::new();
        let (mut wide, mut first) = (false, true);
        let negated = self.eat("^");
        while first || !self.rest.starts_with(']') {
            first = false;
            if self.rest.is_empty() {
                return Err(Fault::new("[", "which is never closed"));
            }
            if let Some((name, rest)) = self.rest.strip_prefix("[:").and_then(|rest| rest.split_once(":]")) {
                if !NAMED.contains(&name.trim_start_matches('^')) {
                    return Err(Fault::new(format!("[:{name}:]"), "a class that Go has not"));
                }
                items.push_str(&format!("[:{name}:]"));
                self.rest = rest;
                continue;
            }
            let escaped = self.eat(r"\");
            if escaped && let Some(short) = shorthand(self)? {
                items.push_str(&short);
                continue;
            }
            let from = self.member(escaped)?;
            let is_range =
                self.rest.starts_with('-') && !self.rest.starts_with("-]") && self.rest.len() > 1 && self.eat("-");
            let to = if is_range {
                let escaped = self.eat(r"\");
                self.member(escaped)?
            } else {
                from
            };
            if to < from {
                return Err(Fault::new(format!("{from}-{to}"), "a range whose end is before its start"));
            }
            wide |= !to.is_ascii();
            items.push_str(&format!(r"\x{{{:X}}}-\x{{{:X}}}", u32::from(from), u32::from(to)));
        }
        self.eat("]");
        let not = if negated { "^" } else { "" };
        self.out.push_str(&if wide { format!("(?u:[{not}{items}])") } else { format!("[{not}{items}]") });
        Ok(())
    }

    fn member(&mut self, escaped: bool) -> Result<char, Fault> {
        if escaped { self.escaped() } else { self.next().ok_or_else(|| Fault::new("[", "which is never closed")) }
    }
}

/// After `\`: the items of `\d`, `\s`, `\w`, `\pN` and their opposites, where one of them stands.
pub(super) fn shorthand(reader: &mut Reader<'_>) -> Result<Option<String>, Fault> {
    let Some(letter) = reader.rest.chars().next() else { return Ok(None) };
    let items = match letter.to_ascii_lowercase() {
        'd' => "0-9",
        's' => r"\t\n\x0C\r\x20",
        'w' => "0-9A-Za-z_",
        'p' => {
            reader.rest = &reader.rest[1..];
            return property(reader, letter == 'P').map(Some);
        }
        _ => return Ok(None),
    };
    reader.rest = &reader.rest[1..];
    Ok(Some(if letter.is_ascii_uppercase() { format!("[^{items}]") } else { items.to_owned() }))
}

/// After `\p`: what of a property is ASCII.
fn property(reader: &mut Reader<'_>, negated: bool) -> Result<String, Fault> {
    let whole = reader.rest;
    let name = if reader.eat("{") {
        reader.until("}").unwrap_or_default()
    } else {
        reader.next().map_or("", |c| &whole[..c.len_utf8()])
    };
    let negated = negated != name.starts_with('^');
    let items = match name.trim_start_matches('^') {
        "L" | "Latin" => "A-Za-z",
        "Lu" => "A-Z",
        "Ll" => "a-z",
        "N" | "Nd" => "0-9",
        "P" => r"!-#%-*,-/:;?@\[-\]_\{\}",
        "Pc" => "_",
        "Pd" => r"\-",
        "Ps" => r"(\[\{",
        "Pe" => r")\]\}",
        "Po" => r"!-#%-'*,./:;?@\\",
        "S" => r"$+<->\^`|\~",
        "Sc" => "$",
        "Sk" => r"\^`",
        "Sm" => r"+<->|\~",
        "Z" | "Zs" => r"\x20",
        "C" | "Cc" => r"\x00-\x1F\x7F",
        name => {
            return Err(Fault::new(format!(r"\p{{{name}}}"), "a class of which nothing is ASCII, or that Go has not"));
        }
    };
    Ok(if negated { format!("[^{items}]") } else { items.to_owned() })
}
