//! From text to the tree.

use super::ZConfig;

/// How deep items may nest, so that no text can exhaust a stack.
const DEEPEST: usize = 64;

/// Reads a text, or says what is wrong with which line of it, and shows none of it: it may be a secret.
pub(super) fn tree(text: &str) -> Result<ZConfig, String> {
    let mut root = ZConfig::new("root");
    for (at, line) in text.split('\n').enumerate() {
        read_line(&mut root, line).map_err(|reason| format!("line {}: {reason}", at + 1))?;
    }
    Ok(root)
}

fn read_line(root: &mut ZConfig, line: &str) -> Result<(), &'static str> {
    let line = line.trim_end_matches(is_space);
    if line.contains('\0') {
        return Err("a NUL");
    }
    if let Some(comment) = line.strip_prefix('#') {
        root.comments.push(comment.to_owned());
        return Ok(());
    }
    let item = line.trim_start_matches(' ');
    let indentation = line.len() - item.len();
    if indentation % 4 != 0 {
        return Err("not indented by 4 spaces at once");
    }
    let end = item.find(|letter| !is_name_letter(letter)).unwrap_or(item.len());
    let (name, rest) = item.split_at(end);
    if name.is_empty() {
        return nothing_more(rest);
    }
    if name.starts_with('/') || name.ends_with('/') {
        return Err("a name that begins or ends with /");
    }
    let value = read_value(rest)?;
    let level = indentation / 4;
    if level >= DEEPEST {
        return Err("nested too deep");
    }
    let mut parent = root;
    for _ in 0..level {
        parent = parent.children.last_mut().ok_or("indented too far")?;
    }
    parent.add(ZConfig { value, ..ZConfig::new(name) });
    Ok(())
}

/// What stands behind a name: a value, or nothing.
fn read_value(rest: &str) -> Result<Option<String>, &'static str> {
    let rest = rest.trim_start_matches(is_space);
    let Some(rest) = rest.strip_prefix('=') else {
        return nothing_more(rest).map(|()| None);
    };
    let rest = rest.trim_start_matches(is_space);
    for (quote, missing) in [('"', "a \" is missing"), ('\'', "a ' is missing")] {
        if let Some(rest) = rest.strip_prefix(quote) {
            let (value, behind) = rest.split_once(quote).ok_or(missing)?;
            return nothing_more(behind).map(|()| Some(value.to_owned()));
        }
    }
    let value = rest.split('#').next().unwrap_or_default();
    Ok(Some(value.trim_end_matches(is_space).to_owned()))
}

/// Sees that there is nothing but spaces and a comment.
fn nothing_more(rest: &str) -> Result<(), &'static str> {
    match rest.trim_start_matches(is_space).chars().next() {
        None | Some('#') => Ok(()),
        Some(_) => Err("neither a name nor a value"),
    }
}

/// C's isspace.
pub(super) fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\t'..='\r')
}

pub(super) fn is_name_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "$-_@.&+/".contains(letter)
}
