/** Timers and a clock that stand still until they are told to go on. */

export class FakeTime {
  now = 1_000_000;
  #timers = new Map();
  #next = 1;

  get env() {
    return {
      now: () => this.now,
      setTimeout: (action, milliseconds) => {
        const id = this.#next;
        this.#next += 1;
        this.#timers.set(id, { at: this.now + milliseconds, action });
        return id;
      },
      clearTimeout: (id) => this.#timers.delete(id),
      random: () => 0.5,
    };
  }

  /** When each timer will ring, from now. */
  get pending() {
    return [...this.#timers.values()].map(({ at }) => at - this.now).sort((one, other) => one - other);
  }

  /** Let this much time pass, ringing what is due in its order, and let promises settle. */
  async pass(milliseconds) {
    const until = this.now + milliseconds;
    await settled();
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.at <= until).sort((one, other) => one[1].at - other[1].at)[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.now = Math.max(this.now, due[1].at);
      due[1].action();
      await settled();
    }
    this.now = until;
  }
}

/** What was promised already has happened. */
export async function settled() {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
