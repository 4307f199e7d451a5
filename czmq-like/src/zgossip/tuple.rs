//! `Tuple`: a value, and what came before it, which may come again.
//!
//! In a network with cycles a value comes by several ways, and by the longer ones it comes late: after one that has
//! replaced it. As news, it would go round once more, and again. But what was so a moment ago may also be so again, as
//! its publisher says. So a value that was replaced a moment ago waits: whoever has sent it late sends what replaced it
//! right after, and else it is taken in the end. How long it waits is left to chance, so that two nodes do not each take
//! the other's value at once, for ever. The node that publishes knows its own values, and tells who is late.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use super::node::Origin;
use crate::{ZFrame, randof};

/// What a moment is: longer than it takes a value to go round. One that waits does so for one to two of them.
pub(super) const REST: Duration = Duration::from_secs(1);

/// How many values are remembered, of those that were replaced and of those that were published.
const MEMORY: usize = 100;

/// What is known by a key.
#[derive(Debug)]
pub(super) struct Tuple {
    value: String,
    /// Its PUBLISH.
    frame: ZFrame,
    /// Of values that are remembered, which may be long, only the hashes are, by keys that nobody else knows.
    hasher: RandomState,
    /// What the program of this node has published here, since another did.
    own: VecDeque<u64>,
    /// The values before, with when they were replaced.
    replaced: VecDeque<(u64, Instant)>,
    /// Those that wait, one of each origin.
    waiting: Vec<Waiting>,
}

/// A value that has come again.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) value: String,
    pub(super) frame: ZFrame,
    pub(super) origin: Origin,
    due: Instant,
}

/// What to make of a value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Known,
    News,
    /// It may be old, and is to wait.
    Late,
    /// It is old: this node has published it, and another one after it.
    Echo,
}

impl Tuple {
    pub(super) fn new(value: String, frame: ZFrame, origin: &Origin) -> Self {
        let (own, replaced, waiting) = (VecDeque::new(), VecDeque::new(), Vec::new());
        let hasher = RandomState::new();
        let mut tuple = Self { value, frame, hasher, own, replaced, waiting };
        tuple.note(origin);
        tuple
    }

    pub(super) fn frame(&self) -> &ZFrame {
        &self.frame
    }

    /// Says what a value is that has come. It is the last word of its origin: none before it waits any more.
    pub(super) fn weigh(&mut self, value: &str, origin: &Origin, now: Instant) -> Verdict {
        self.waiting.retain(|waiting| waiting.origin != *origin);
        let is_recent = |(_, at): &(u64, Instant)| now.saturating_duration_since(*at) < REST;
        self.replaced.retain(is_recent);
        if self.value == value {
            return Verdict::Known;
        }
        let hash = self.hash(value);
        let is_late = self.replaced.iter().any(|(old, _)| *old == hash);
        match origin {
            Origin::Own => Verdict::News,
            _ if self.own.contains(&hash) => Verdict::Echo,
            _ if is_late => Verdict::Late,
            _ => Verdict::News,
        }
    }

    /// Has a value wait that is late.
    pub(super) fn wait(&mut self, value: String, frame: ZFrame, origin: Origin, now: Instant) {
        let chance = Duration::from_millis(randof(1000));
        self.waiting.push(Waiting { value, frame, origin, due: now + REST + chance });
    }

    /// Replaces the value.
    pub(super) fn replace(&mut self, value: String, frame: ZFrame, origin: &Origin, now: Instant) {
        let before = std::mem::replace(&mut self.value, value);
        self.frame = frame;
        let hash = self.hash(&before);
        remember(&mut self.replaced, (hash, now));
        self.note(origin);
    }

    fn hash(&self, value: &str) -> u64 {
        self.hasher.hash_one(value)
    }

    /// Takes note of whose the value is.
    fn note(&mut self, origin: &Origin) {
        match origin {
            Origin::Own => {
                let hash = self.hash(&self.value);
                remember(&mut self.own, hash);
            }
            _ => self.own.clear(),
        }
    }

    /// Takes a value that has waited long enough, and is another one than there is.
    pub(super) fn take_due(&mut self, now: Instant) -> Option<Waiting> {
        let value = &self.value;
        self.waiting.retain(|waiting| waiting.due > now || waiting.value != *value);
        let due = self.waiting.iter().position(|waiting| waiting.due <= now)?;
        Some(self.waiting.swap_remove(due))
    }

    /// Whether values wait.
    pub(super) fn is_unsettled(&self) -> bool {
        !self.waiting.is_empty()
    }
}

fn remember<T>(memory: &mut VecDeque<T>, what: T) {
    if memory.len() == MEMORY {
        memory.pop_front();
    }
    memory.push_back(what);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replace(tuple: &mut Tuple, value: &str, origin: &Origin, now: Instant) {
        tuple.replace(value.to_owned(), ZFrame::new(""), origin, now);
    }

    /// What has had these values, all of another node.
    fn tuple(values: &[&str], now: Instant) -> Tuple {
        let mut tuple = Tuple::new(values[0].to_owned(), ZFrame::new(""), &origin("first"));
        values[1..].iter().for_each(|value| replace(&mut tuple, value, &origin("first"), now));
        tuple
    }

    fn origin(name: &str) -> Origin {
        Origin::Remote(name.to_owned())
    }

    /// Weighs a value, and has it wait where it is late.
    fn comes(tuple: &mut Tuple, value: &str, name: &str, now: Instant) -> Verdict {
        let verdict = tuple.weigh(value, &origin(name), now);
        if verdict == Verdict::Late {
            tuple.wait(value.to_owned(), ZFrame::new(""), origin(name), now);
        }
        verdict
    }

    #[test]
    fn what_was_replaced_a_moment_ago_waits_and_goes_with_what_replaced_it() {
        let now = Instant::now();
        let mut tuple = tuple(&["1", "2", "3"], now);
        assert_eq!(comes(&mut tuple, "1", "a", now), Verdict::Late);
        assert_eq!(comes(&mut tuple, "2", "a", now), Verdict::Late);
        assert_eq!(comes(&mut tuple, "3", "a", now), Verdict::Known);
        assert!(!tuple.is_unsettled());
        assert_eq!(comes(&mut tuple, "4", "a", now), Verdict::News);
    }

    #[test]
    fn the_last_word_of_an_origin_is_taken_in_the_end() {
        let now = Instant::now();
        let mut tuple = tuple(&["1", "2"], now);
        assert_eq!(comes(&mut tuple, "1", "a", now), Verdict::Late);
        // Another's word is not this one's.
        assert_eq!(comes(&mut tuple, "1", "b", now), Verdict::Late);
        assert_eq!(comes(&mut tuple, "2", "b", now), Verdict::Known);
        assert!(tuple.take_due(now + REST - Duration::from_millis(1)).is_none());
        let due = tuple.take_due(now + REST * 2).unwrap();
        assert_eq!((due.value.as_str(), due.origin), ("1", origin("a")));
        assert!(!tuple.is_unsettled());
    }

    #[test]
    fn of_two_that_say_the_same_one_is_taken() {
        let now = Instant::now();
        let mut tuple = tuple(&["1", "2"], now);
        comes(&mut tuple, "1", "a", now);
        comes(&mut tuple, "1", "b", now);
        let due = tuple.take_due(now + REST * 2).unwrap();
        replace(&mut tuple, &due.value, &due.origin, now + REST * 2);
        assert!(tuple.take_due(now + REST * 2).is_none());
        assert!(!tuple.is_unsettled());
    }

    #[test]
    fn what_was_replaced_long_ago_is_news() {
        let now = Instant::now();
        let mut tuple = tuple(&["1", "2"], now);
        assert_eq!(tuple.weigh("1", &origin("a"), now + REST), Verdict::News);
    }

    #[test]
    fn the_program_of_the_node_is_always_right() {
        let now = Instant::now();
        let mut tuple = tuple(&["1", "2"], now);
        assert_eq!(tuple.weigh("1", &Origin::Own, now), Verdict::News);
        replace(&mut tuple, "1", &Origin::Own, now);
        assert_eq!(tuple.weigh("1", &Origin::Own, now), Verdict::Known);
        replace(&mut tuple, "3", &Origin::Own, now);
        // What it has said before is an echo, however late; what others said, or say anew, is theirs.
        assert_eq!(comes(&mut tuple, "1", "a", now + REST * 10), Verdict::Echo);
        assert!(!tuple.is_unsettled());
        assert_eq!(comes(&mut tuple, "4", "a", now + REST * 10), Verdict::News);
        replace(&mut tuple, "4", &origin("a"), now + REST * 10);
        assert_eq!(comes(&mut tuple, "3", "a", now + REST * 10), Verdict::Late);
        assert_eq!(comes(&mut tuple, "1", "a", now + REST * 10), Verdict::News);
    }

    #[test]
    fn no_more_than_so_many_values_are_remembered() {
        let now = Instant::now();
        let mut tuple = tuple(&["1", "2"], now);
        (0..1000).for_each(|value| replace(&mut tuple, &value.to_string(), &Origin::Own, now));
        assert_eq!((tuple.replaced.len(), tuple.own.len()), (MEMORY, MEMORY));
    }
}
