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
                tokio::spawn(async move { users.sign_in(SUBJECTS[user], &response).await });
            }
            "delete" => {
                self.is_signed_in[user] = None;
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
        self.machines[machine].line.kill();
        self.excuse(machine, Case::Killed);
        self.suspected += self.machines[machine].users.metrics().reuse_suspected;
        self.asked.retain(|(_, asked, task)| {
            if *asked == machine {
                task.abort();
            }
            *asked != machine
        });
        self.machines[machine] = self.start(machine);
    }

    /// What the machine has sent, and what the others begin with all the same, is excused: nobody
    /// can know it any more.
    fn excuse(&mut self, machine: usize, case: Case) {
        for user in 0..SUBJECTS.len() {
            // Somebody may be about to send one that was configured when they began.
            let known = self.stored(user).into_iter();
            let sent: Vec<_> = known
                .chain(self.configured[user].iter().cloned())
                .filter(|token| self.provider().sent.contains(&(machine, token.clone())))
                .collect();
            for token in sent {
                self.excused.entry(token).or_insert(case);
            }
        }
    }

    /// Notes which machines cannot use a store in which somebody can get a section, and for how
    /// long. Others wait for them for nearly five seconds.
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
            if now - since >= 4 * SECOND {
                self.excuse(index, Case::CutOff);
            }
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
