// Small elements that keep themselves up to date: durations, ages and progress.

import { ago, duration, inFull, now, roughly, secondsBetween, until } from './time.js';

const ticking = new Set();
setInterval(() => ticking.forEach((element) => element.tick()), 1000);

class Ticking extends HTMLElement {
  connectedCallback() {
    ticking.add(this);
    this.tick();
  }

  disconnectedCallback() {
    ticking.delete(this);
  }

  attributeChangedCallback() {
    if (this.isConnected) {
      this.tick();
    }
  }

  say(text) {
    if (this.textContent !== text) {
      this.textContent = text;
    }
  }
}

/** `<pw-elapsed from="…" to="…">`: a duration, growing while there is no end; `rough` in one unit. */
class Elapsed extends Ticking {
  static observedAttributes = ['from', 'to'];

  tick() {
    const to = this.getAttribute('to');
    const seconds = secondsBetween(this.getAttribute('from'), to);
    this.say(this.hasAttribute('rough') ? roughly(seconds) : duration(seconds, !to));
  }
}

/** `<pw-ago at="…">`: how long ago, with the full time as its title. */
class Ago extends Ticking {
  static observedAttributes = ['at'];

  tick() {
    const at = this.getAttribute('at');
    this.say(ago(at));
    this.title = inFull(at);
  }
}

/** `<pw-until at="…">`: in what time, with the full time as its title. */
class Until extends Ticking {
  static observedAttributes = ['at'];

  tick() {
    const at = this.getAttribute('at');
    this.say(until(at));
    this.title = inFull(at);
  }
}

/** `<pw-progress from="…" typical="90">`: a bar from the start to the typical end. */
class Progress extends Ticking {
  static observedAttributes = ['from', 'typical'];

  tick() {
    if (!this.firstChild) {
      this.append(document.createElement('span'));
      this.setAttribute('role', 'progressbar');
      this.setAttribute('aria-label', 'progress');
    }
    const typical = Number(this.getAttribute('typical'));
    const from = Date.parse(this.getAttribute('from'));
    const known = typical > 0 && Number.isFinite(from);
    const share = known ? Math.max(0, (now() - from) / 1000 / typical) : 0;
    this.classList.toggle('unknown', !known);
    this.classList.toggle('over', share > 1);
    this.firstChild.style.width = known ? `${(Math.min(1, share) * 100).toFixed(1)}%` : '';
    if (known) {
      this.setAttribute('aria-valuenow', String(Math.round(Math.min(1, share) * 100)));
    } else {
      this.removeAttribute('aria-valuenow');
    }
  }
}

customElements.define('pw-elapsed', Elapsed);
customElements.define('pw-ago', Ago);
customElements.define('pw-until', Until);
customElements.define('pw-progress', Progress);
