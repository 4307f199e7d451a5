//! Whether a scenario's figure came alive.

use guide::pattern::matches;
use guide::scenario::{Expect, Scenario, Setting, What};

use super::child::Child;

/// What was found of one thing that is expected.
pub(crate) struct Finding {
    /// Whether it was seen.
    pub(crate) is_met: bool,
    /// What to say of it, as "lbbroker: 10 of 10 clients answered".
    pub(crate) text: String,
}

/// Compares what was printed with what is expected.
pub(crate) fn check(scenario: &Scenario, setting: &Setting, children: &[Child]) -> Vec<Finding> {
    scenario.expects.iter().map(|expect| find(scenario, setting, children, expect)).collect()
}

fn find(scenario: &Scenario, setting: &Setting, children: &[Child], expect: &Expect) -> Finding {
    let copies: Vec<_> = children.iter().filter(|child| child.role == expect.role).collect();
    // In the numbers of each copy: how many were seen, and whether those are right.
    let each = |count: &dyn Fn(&[String]) -> usize, is_right: &dyn Fn(usize) -> bool| {
        let counts: Vec<_> = copies.iter().map(|child| count(&child.lines)).collect();
        let is_met = !counts.is_empty() && counts.iter().all(|count| is_right(*count));
        (counts.iter().sum::<usize>(), is_met)
    };
    let count = |pattern: &str| {
        let pattern = scenario.pattern(pattern, setting);
        move |lines: &[String]| lines.iter().filter(|line| matches(&pattern, line)).count()
    };
    let exactly = |pattern: &str, times: usize| {
        let (seen, is_met) = each(&count(pattern), &|seen| seen == times);
        (is_met, format!("{seen} of {}", times * copies.len()))
    };
    let (is_met, numbers) = match expect.what {
        What::Lines(pattern, times) => exactly(pattern, times),
        What::LinesByValue(pattern, value) => {
            exactly(pattern, scenario.value(value, setting).parse().unwrap_or_default())
        }
        What::AtLeast(pattern, times) => {
            let (seen, is_met) = each(&count(pattern), &|seen| seen >= times);
            let least = times * copies.len();
            let wanted = if is_met { String::new() } else { format!(" of at least {least}") };
            (is_met, format!("{seen}{wanted}"))
        }
        What::InOrder(patterns) => {
            let patterns: Vec<_> =
                patterns.iter().map(|pattern| scenario.pattern(pattern, setting)).collect();
            let (seen, is_met) =
                each(&|lines| in_order(&patterns, lines), &|seen| seen == patterns.len());
            (is_met, format!("{seen} of {}", patterns.len() * copies.len()))
        }
        What::Only(pattern) => {
            let own = count(pattern);
            let (seen, is_met) = each(&|lines| lines.len() - own(lines), &|seen| seen == 0);
            (is_met, format!("{seen}"))
        }
        What::Never(pattern) => {
            let (seen, is_met) = each(&count(pattern), &|seen| seen == 0);
            (is_met, format!("{seen}"))
        }
    };
    let failed = if is_met { "" } else { " (not as expected)" };
    Finding { is_met, text: format!("{}: {numbers} {}{failed}", expect.role, expect.says) }
}

/// How many of the patterns match lines in this order, none of which matches another of the lines.
fn in_order(patterns: &[String], lines: &[String]) -> usize {
    let mut place = 0;
    let found = patterns.iter().take_while(|pattern| {
        let mut matching =
            lines.iter().enumerate().filter(|(_, line)| matches(pattern, line)).map(|(at, _)| at);
        match (matching.next(), matching.next()) {
            (Some(at), None) if at >= place => {
                place = at + 1;
                true
            }
            _ => false,
        }
    });
    found.count()
}
