// Times and durations in words. All of them by the server's clock, as its beats tell it.

let ahead = 0;

/** Takes the server's time from a beat. */
export function setServerTime(instant) {
  const at = Date.parse(instant);
  if (Number.isFinite(at)) {
    ahead = at - Date.now();
  }
}

/** The server's time in milliseconds. */
export function now() {
  return Date.now() + ahead;
}

/** Seconds from one instant to another (or to now), never negative; null if unknown. */
export function secondsBetween(from, to) {
  const start = Date.parse(from);
  const end = to ? Date.parse(to) : now();
  return Number.isFinite(start) && Number.isFinite(end) ? Math.max(0, (end - start) / 1000) : null;
}

/** `43 ms`, `0.4 s`, `12 s`, `3 min 07 s`, `2 h 05 min`, `3 d 4 h`. */
export function duration(seconds, live = false) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) {
    return '';
  }
  if (seconds < 0.0995 && !live) {
    return `${Math.round(seconds * 1000)} ms`;
  }
  if (seconds < 9.95 && !live) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = live ? Math.floor(seconds) : Math.round(seconds);
  if (whole < 60) {
    return `${whole} s`;
  }
  const pad = (n) => String(n).padStart(2, '0');
  if (whole < 3600) {
    return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  }
  const minutes = Math.floor(whole / 60);
  if (minutes < 24 * 60) {
    return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
  }
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** The largest unit alone: `12 s`, `3 min`, `2 h`, `5 d`. */
export function roughly(seconds) {
  if (seconds === null || !Number.isFinite(seconds)) {
    return '';
  }
  if (seconds < 60) {
    return `${Math.max(0, Math.floor(seconds))} s`;
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min`;
  }
  if (seconds < 48 * 3600) {
    return `${Math.floor(seconds / 3600)} h`;
  }
  return `${Math.floor(seconds / 86400)} d`;
}

/** `1:07`, `2:05:00`. */
export function stopwatch(seconds) {
  const whole = Math.floor(seconds ?? 0);
  const pad = (n) => String(n).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes}:${pad(whole % 60)}`
    : `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(whole % 60)}`;
}

/** `just now`, `5 min ago`. */
export function ago(instant) {
  const seconds = secondsBetween(instant);
  if (seconds === null) {
    return '';
  }
  return seconds < 45 ? 'just now' : `${roughly(Math.max(60, seconds))} ago`;
}

/** `in 5 min`, `any moment`. */
export function until(instant) {
  const seconds = (Date.parse(instant) - now()) / 1000;
  if (!Number.isFinite(seconds)) {
    return '';
  }
  return seconds < 1 ? 'any moment' : `in ${roughly(seconds)}`;
}

/** Date and time where the reader lives, in full. */
export function inFull(instant) {
  const at = new Date(instant);
  return Number.isNaN(at.getTime())
    ? ''
    : at.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** `14:03:59` of today, else with the date, of a number of milliseconds of this machine's clock. */
export function moment(millis) {
  return new Date(millis).toDateString() === new Date().toDateString() ? clock(millis) : inFull(millis);
}

/** `14:03:59`, of a number of milliseconds. */
export function clock(millis, seconds = true) {
  const at = new Date(millis);
  const pad = (n) => String(n).padStart(2, '0');
  return `${pad(at.getHours())}:${pad(at.getMinutes())}${seconds ? `:${pad(at.getSeconds())}` : ''}`;
}
