// Work that many things ask for, and that is done once for all of them.

/** Does `act` so many milliseconds after it was asked for, also while it is asked for again and again. */
export class Soon {
  #millis;
  #act;
  #timer = null;

  constructor(millis, act) {
    this.#millis = millis;
    this.#act = act;
  }

  ask() {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#act();
    }, this.#millis);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }
}
