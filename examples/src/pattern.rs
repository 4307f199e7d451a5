//! What a printed line should look like.

/// Tells whether `line` matches `pattern`, in which `{n}` stands for a number, `{x}` for one in hexadecimal, and `{*}`
/// for anything.
///
/// ```
/// use guide::pattern::matches;
///
/// assert!(matches("Received {n} updates", "Received 1000000 updates"));
/// assert!(matches("{*} was {n}F", "Average temperature for zipcode '10001 ' was -3F"));
/// assert!(!matches("Received {n} updates", "Received no updates"));
/// assert!(matches("lost task {x}", "lost task 00FF"));
/// ```
pub fn matches(pattern: &str, line: &str) -> bool {
    let Some(start) = pattern.find(['{']) else {
        return pattern == line;
    };
    let (literal, rest) = pattern.split_at(start);
    let Some(line) = line.strip_prefix(literal) else {
        return false;
    };
    if let Some(rest) = rest.strip_prefix("{n}") {
        let digits = line.strip_prefix('-').unwrap_or(line);
        let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
        end > 0 && matches(rest, &digits[end..])
    } else if let Some(rest) = rest.strip_prefix("{x}") {
        let end = line.find(|letter: char| !letter.is_ascii_hexdigit()).unwrap_or(line.len());
        end > 0 && matches(rest, &line[end..])
    } else if let Some(rest) = rest.strip_prefix("{*}") {
        let ends = line.char_indices().map(|(index, _)| index).chain([line.len()]);
        ends.into_iter().any(|end| matches(rest, &line[end..]))
    } else {
        line.starts_with('{') && matches(&rest[1..], &line[1..])
    }
}
