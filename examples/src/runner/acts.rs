//! What a scenario does to its programs while they run: it kills one, or starts it again.

use guide::scenario::{Act, Deed};

use super::Run;
use super::child::Child;

/// How far the acts have come.
#[derive(Default)]
pub(crate) struct Progress {
    done: usize,
    /// How many lines each child had printed by the last act.
    lines: Vec<usize>,
}

impl Run<'_> {
    /// Does the acts whose time has come. Gives whether all were done.
    pub(super) fn act(&mut self, acts: &[Act]) -> std::io::Result<bool> {
        while let Some(act) = acts.get(self.progress.done) {
            if !self.is_due(act) {
                return Ok(false);
            }
            self.does(act.deed)?;
            self.progress.done += 1;
            self.progress.lines = self.children.iter().map(|child| child.lines.len()).collect();
        }
        Ok(true)
    }

    fn is_due(&self, act: &Act) -> bool {
        let pattern = self.scenario.pattern(act.line, &self.plan.setting);
        let mut children = self.children.iter().enumerate();
        let is_seen = children.any(|(index, child)| {
            let earlier = self.progress.lines.get(index).copied().unwrap_or_default();
            let mut lines = child.lines.iter().skip(earlier);
            child.role == act.role && lines.any(|line| guide::pattern::matches(&pattern, line))
        });
        // One that is to be started has come to its end first.
        let may_start = |name| self.children.iter().any(|c| c.role == name && c.status.is_some());
        is_seen && !matches!(act.deed, Deed::Start(name) if !may_start(name))
    }

    fn does(&mut self, deed: Deed) -> std::io::Result<()> {
        let (name, verb) = match deed {
            Deed::Kill(name) => (name, "killed"),
            Deed::Interrupt(name) => (name, "interrupted"),
            Deed::Start(name) => (name, "started again"),
            Deed::Nothing => return Ok(()),
        };
        let Some(index) = self.children.iter().position(|child| child.role == name) else {
            return Ok(());
        };
        self.output.own(&format!("{}: {verb}", self.children[index].label));
        match deed {
            Deed::Kill(_) => self.children[index].strike(Child::kill),
            Deed::Interrupt(_) => self.children[index].strike(Child::interrupt),
            Deed::Start(_) => self.start_again(index)?,
            Deed::Nothing => {}
        }
        Ok(())
    }

    fn start_again(&mut self, index: usize) -> std::io::Result<()> {
        let name = self.children[index].role;
        let Some(role) = self.scenario.roles.iter().find(|role| role.name == name) else {
            return Ok(());
        };
        let args = self.scenario.args(role, 1, &self.plan.setting);
        let label = self.children[index].label.clone();
        let mut child = Child::start(index, label, role, &args, &self.sender)?;
        child.lines = std::mem::take(&mut self.children[index].lines);
        self.children[index] = child;
        Ok(())
    }
}
