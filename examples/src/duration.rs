//! Durations as a person types them: `500ms`, `5s`, `2m`, or plain seconds.

use std::time::Duration;

/// Reads a duration: a whole number, and `ms`, `s` (which may be left out) or `m`.
///
/// ```
/// use std::time::Duration;
///
/// assert_eq!(guide::duration::parse("500ms"), Ok(Duration::from_millis(500)));
/// assert_eq!(guide::duration::parse("2m"), Ok(Duration::from_secs(120)));
/// assert_eq!(guide::duration::parse("10"), Ok(Duration::from_secs(10)));
/// assert!(guide::duration::parse("soon").is_err());
/// ```
///
/// # Errors
///
/// - A sentence that says what a duration looks like.
pub fn parse(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let unit = &text[digits.len()..];
    let number = digits.parse::<u64>().ok();
    let duration = match unit {
        "ms" => number.map(Duration::from_millis),
        "s" | "" => number.map(Duration::from_secs),
        "m" => number.and_then(|number| number.checked_mul(60)).map(Duration::from_secs),
        _ => None,
    };
    duration.ok_or_else(|| "not a duration, as 500ms, 5s or 2m".to_owned())
}
