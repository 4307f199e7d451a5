//! From the tree to text, as CZMQ writes it.

use super::ZConfig;
use super::parse::{is_name_letter, is_space};

/// Writes a tree whose root has no line of its own, or says what cannot be written.
pub(super) fn tree(root: &ZConfig) -> Result<String, String> {
    let mut text = String::new();
    comments(root, &mut text)?;
    items(&root.children, 0, &mut text)?;
    Ok(text)
}

fn items(children: &[ZConfig], level: usize, text: &mut String) -> Result<(), String> {
    for item in children {
        comments(item, text)?;
        let name = &item.name;
        let is_name = !name.is_empty() && name.chars().all(is_name_letter);
        if !is_name || name.starts_with('/') || name.ends_with('/') {
            return Err(format!("{name:?} is no name"));
        }
        let indentation = level * 4;
        match &item.value {
            Some(value) => {
                let value = quoted(value)
                    .ok_or_else(|| format!("the value of {name} cannot be put in quotes"))?;
                *text += &format!("{:indentation$}{name} = {value}\n", "");
            }
            None => *text += &format!("{:indentation$}{name}\n", ""),
        }
        items(&item.children, level + 1, text)?;
    }
    Ok(())
}

fn comments(item: &ZConfig, text: &mut String) -> Result<(), String> {
    for comment in &item.comments {
        if comment.contains(['\n', '\0']) {
            return Err("a comment of more than a line".to_owned());
        }
        *text += &format!("#{comment}\n");
    }
    if !item.comments.is_empty() {
        text.push('\n');
    }
    Ok(())
}

/// A value so that it is read as it is: ZPL knows no escapes.
fn quoted(value: &str) -> Option<String> {
    let is_trimmed = value.trim_matches(is_space) == value;
    if value.contains(['\n', '\0']) {
        None
    } else if !value.contains('"') {
        Some(format!("\"{value}\""))
    } else if !value.contains('\'') {
        Some(format!("'{value}'"))
    } else if is_trimmed && !value.contains('#') && !value.starts_with(['"', '\'']) {
        Some(value.to_owned())
    } else {
        None
    }
}
