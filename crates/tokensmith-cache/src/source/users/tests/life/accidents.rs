//! What goes wrong in a life: machines are killed, cut off and restarted, and whose refresh token
//! may come twice then.

use super::event::Point;
use super::*;

impl Life {
    pub(super) async fn outage(&mut self, user: usize, machine: usize, time: Duration) {
        self.ask(user, machine).await;
        for machine in &self.machines {
            for operation in OPERATIONS {
                machine.store.fail(operation, Fault::Refuses);
            }
        }
        self.pass(time).await;
        self.mend(None);
        self.ask(user, 1 - machine).await;
    }

    pub(super) async fn set_clock(
        &mut self,
        user: usize,
        machine: usize,
        is_set_forward: bool,
        by: Duration,
    ) {
        // Nobody is cut off beside: that is another case.
        self.mend(None);
        self.ask(user, machine).await;
        self.clock.set(is_set_forward, by);
        self.ask(user, 1 - machine).await;
        self.pass(6 * SECOND).await;
    }

    pub(super) async fn kill_at(
        &mut self,
        operation: &'static str,
        point: Point,
        user: usize,
        machine: usize,
    ) {
        let users = self.machines[machine].users.clone();
        let fault = match point {
            Point::Before => Fault::Stops,
            Point::After => Fault::StopsAfter,
        };
        self.machines[machine].store.fail(operation, fault);
        match operation {
            "put" => {
                let refresh_token = self.provider().sign_in(user);
                let response = response(&refresh_token);
                self.is_signed_in[user] = None;
                self.last_sign_in[user] = None;
                tokio::spawn(async move { users.sign_in(SUBJECTS[user], &response).await });
            }
            "delete" => {
                self.is_signed_in[user] = None;
                self.last_sign_in[user] = None;
                tokio::spawn(async move { users.sign_out(SUBJECTS[user]).await });
            }
            _ => {
                // A section is ended where the provider gives nothing.
                self.provider().is_busy = operation == "end";
                tokio::spawn(async move { users.token(SUBJECTS[user]).await });
            }
        }
        // For as long as a request and its response take, and not for as long as an operation may.
        for _ in 0..6 {
            run_all_tasks().await;
            self.world.jump(SECOND / 20);
        }
        run_all_tasks().await;
        self.provider().is_busy = false;
        self.kill(machine);
    }

    pub(super) async fn kill_in_flight(&mut self, point: Point, user: usize, machine: usize) {
        self.ask(user, machine).await;
        if point == Point::After {
            self.world.jump(SECOND / 10);
            run_all_tasks().await;
        }
        self.kill(machine);
    }

    pub(super) fn kill(&mut self, machine: usize) {
        self.excuse_kill(machine);
        for user in 0..SUBJECTS.len() {
            if self.has_unsaved(user, machine) {
                self.last_sign_in[user] = None;
            }
        }
        self.machines[machine].line.kill();
        self.suspected += self.machines[machine].users.metrics().reuse_suspected;
        self.asked.retain(|(_, asked, task)| {
            if *asked == machine {
                task.abort();
            }
            *asked != machine
        });
        self.machines[machine] = self.start(machine);
    }

    /// The machine is killed: what it has sent, what the provider has used and what is stored all the same is excused. Nobody
    /// can know it any more.
    fn excuse_kill(&mut self, machine: usize) {
        for token in self.stored_and_sent(machine) {
            if self.provider().used.contains_key(&token) {
                self.excused.entry(token).or_insert(Case::Killed);
            }
        }
    }

    /// The refresh tokens that the store has and this machine has sent.
    fn stored_and_sent(&self, machine: usize) -> Vec<String> {
        let stored = (0..SUBJECTS.len()).filter_map(|user| self.stored(user));
        stored
            .filter(|token| self.provider().sent.contains(&(machine, token.clone())))
            .collect()
    }

    /// Whether the machine has a new refresh token of a user in memory only.
    pub(super) fn has_unsaved(&self, user: usize, machine: usize) -> bool {
        let refresh_tokens = self.machines[machine]
            .users
            .0
            .refresh_tokens()
            .expect("a refresh_tokens");
        refresh_tokens.unsaved_of(&self.entry(user)).is_some()
    }

    /// Whether the machine has not carried out a sign-in or a sign-out of a user in its store yet.
    pub(super) fn is_behind(&self, user: usize, machine: usize) -> bool {
        let refresh_tokens = self.machines[machine]
            .users
            .0
            .refresh_tokens()
            .expect("a refresh_tokens");
        let has_signed_out = refresh_tokens.sign_out_of(&self.entry(user)).is_some();
        has_signed_out || self.has_unsaved(user, machine)
    }

    /// Excuses what a machine has used and cannot save, in a store in which somebody can get a section, for as long as
    /// somebody waits for whoever may still save. What it could save is not excused, and nothing that it sends later.
    pub(super) fn note_who_is_cut_off(&mut self) {
        let now = self.world.now();
        let is_reached = self
            .machines
            .iter()
            .any(|machine| machine.store.works("begin") && machine.store.works("confirm"));
        for index in 0..MACHINES {
            let machine = &mut self.machines[index];
            if !is_reached || !machine.store.is_broken() {
                machine.cut_off = None;
                continue;
            }
            let since = *machine.cut_off.get_or_insert(now);
            if now - since < policy().late_save() {
                continue;
            }
            let has_unsaved = (0..SUBJECTS.len()).any(|user| self.has_unsaved(user, index));
            let is_sending = self.machines[index].line.is_sending();
            for token in self.stored_and_sent(index) {
                if (has_unsaved || is_sending) && self.provider().used.contains_key(&token) {
                    self.excused.entry(token).or_insert(Case::CutOff);
                }
            }
        }
    }

    /// Excuses what the provider has used before it failed.
    pub(super) fn note_what_failed_late(&mut self) {
        let failed: Vec<_> = self.provider().failed_late.iter().cloned().collect();
        for token in failed {
            self.excused.entry(token).or_insert(Case::Failed);
        }
    }

    pub(super) async fn restart(&mut self, machine: usize) {
        let users = self.machines[machine].users.clone();
        let left = self
            .done(async move { users.drain(Duration::ZERO).await })
            .await;
        // Whoever ends a process in spite of what is left has killed it.
        if !left.is_complete() {
            return;
        }
        self.suspected += self.machines[machine].users.metrics().reuse_suspected;
        self.asked.retain(|(_, asked, task)| {
            if *asked == machine {
                task.abort();
            }
            *asked != machine
        });
        self.machines[machine] = self.start(machine);
    }
}
