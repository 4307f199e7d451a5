//! The schedule against a plain model, with a clock that the test turns.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

use std::time::{Duration, Instant};

use proptest::prelude::{Strategy, any, prop, prop_oneof, proptest};
use proptest::prop_assert_eq;

use super::{AlarmId, Schedule};

/// What is done between two calls, or when the clock has been turned. Alarms are meant by their place, modulo their number.
#[derive(Debug, Clone)]
enum Act {
    Add { delay: u64, times: usize },
    End(usize),
    Reset(usize),
    Nothing,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (0..20_u64, 0..4_usize).prop_map(|(delay, times)| Act::Add { delay, times }),
        1 => any::<usize>().prop_map(Act::End),
        1 => any::<usize>().prop_map(Act::Reset),
        2 => proptest::strategy::Just(Act::Nothing),
    ]
}

/// An alarm as the model has it: in the order of registration, and walked through each time.
#[derive(Debug, Clone)]
struct Plain {
    due: u64,
    delay: u64,
    left: Option<usize>,
    is_there: bool,
    /// It is to be called in this turn.
    is_due: bool,
}

struct Both {
    start: Instant,
    now: u64,
    schedule: Schedule<usize>,
    ids: Vec<AlarmId>,
    plain: Vec<Plain>,
}

impl Both {
    fn moment(&self, millis: u64) -> Instant {
        self.start + Duration::from_millis(millis)
    }

    fn act(&mut self, act: &Act) {
        let now = self.moment(self.now);
        let place = |number: &usize, all: usize| (all > 0).then(|| number % all);
        match act {
            Act::Add { delay, times } => {
                let number = self.plain.len();
                let millis = Duration::from_millis(*delay);
                self.ids.push(self.schedule.add(now, number as u64, millis, *times, number));
                self.plain.push(Plain {
                    due: self.now + delay,
                    delay: *delay,
                    left: (*times > 0).then_some(*times),
                    is_there: true,
                    is_due: false,
                });
            }
            Act::End(number) => {
                if let Some(place) = place(number, self.plain.len()) {
                    self.schedule.end(self.ids[place]);
                    self.plain[place].is_there = false;
                }
            }
            Act::Reset(number) => {
                if let Some(place) = place(number, self.plain.len()) {
                    self.schedule.reset(self.ids[place], now);
                    let plain = &mut self.plain[place];
                    plain.due = self.now + plain.delay;
                    plain.is_due = false;
                    if plain.left == Some(0) {
                        plain.left = Some(1);
                    }
                }
            }
            Act::Nothing => {}
        }
    }

    /// The next that the model has to be called.
    fn next_plain(&mut self) -> Option<usize> {
        let due = self.plain.iter().enumerate().filter(|(_, plain)| plain.is_there && plain.is_due);
        let (number, _) = due.min_by_key(|(number, plain)| (plain.due, *number))?;
        let plain = &mut self.plain[number];
        plain.is_due = false;
        plain.due += plain.delay;
        plain.left = plain.left.map(|left| left - 1);
        Some(number)
    }

    fn turn(&mut self, acts: &[Act]) -> Result<usize, proptest::test_runner::TestCaseError> {
        self.schedule.collect(self.moment(self.now));
        for plain in &mut self.plain {
            plain.is_due = plain.due <= self.now;
        }
        let mut calls = 0;
        loop {
            let next = self.schedule.next();
            prop_assert_eq!(next.as_ref().map(|(_, number)| *number), self.next_plain());
            let Some((id, number)) = next else { return Ok(calls) };
            prop_assert_eq!(id, self.ids[number]);
            // While it runs.
            self.act(acts.get(calls).unwrap_or(&Act::Nothing));
            self.schedule.put_back(id, number);
            if self.plain[number].left == Some(0) {
                self.plain[number].is_there = false;
            }
            calls += 1;
        }
    }
}

proptest! {
    #[test]
    fn it_calls_what_a_plain_list_would(
        turns in prop::collection::vec((0..15_u64, act(), prop::collection::vec(act(), 0..6)), 1..60),
    ) {
        let mut both = Both {
            start: Instant::now(),
            now: 0,
            schedule: Schedule::new(),
            ids: Vec::new(),
            plain: Vec::new(),
        };
        for (passes, before, during) in &turns {
            both.act(before);
            both.now += passes;
            both.turn(during)?;
            let there = both.plain.iter().filter(|plain| plain.is_there);
            prop_assert_eq!(both.schedule.len(), there.clone().count());
            let first = there.map(|plain| plain.due).min().map(|due| both.moment(due));
            prop_assert_eq!(both.schedule.first_due(), first);
        }
    }
}

#[test]
fn what_lies_beyond_all_clocks_is_never_due() {
    let now = Instant::now();
    let mut schedule = Schedule::new();
    let id = schedule.add(now, 1, Duration::MAX, 0, ());
    assert!(!schedule.collect(now + Duration::from_secs(1 << 30)));
    schedule.reset(id, now);
    assert!(schedule.end(id).is_some());
    assert_eq!(schedule.first_due(), None);
}

#[test]
fn what_has_ended_leaves_nothing_behind() {
    let now = Instant::now();
    let mut schedule = Schedule::new();
    for number in 0..1000 {
        let id = schedule.add(now, number, Duration::from_secs(3600), 0, ());
        schedule.reset(id, now);
        schedule.end(id).unwrap();
        assert!(schedule.end(id).is_none());
    }
    assert_eq!((schedule.len(), schedule.waiting.len(), schedule.alarms.capacity()), (0, 0, 4));
}
