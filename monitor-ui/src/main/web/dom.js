// Building and updating the page. Text becomes text nodes only: nothing here parses HTML.

const SVG = 'http://www.w3.org/2000/svg';
// Characters that turn the direction of writing: with them a name can pretend to be another.
const TURNING = /[\u202A-\u202E\u2066-\u2069]/g;
// Attributes that are shown or read out, in which the same would happen.
const SHOWN = new Set(['title', 'aria-label', 'placeholder', 'alt']);
const HANDLERS = ['onclick', 'oninput', 'onchange', 'onsubmit', 'onkeydown', 'onscroll', 'ontoggle'];

/** The text as it is shown: in the direction it is written in. */
export function shown(text) {
  return String(text).replace(TURNING, '\uFFFD');
}

/** An element. Properties: on* handlers, class, key (identity among siblings), else attributes. */
export function h(tag, properties, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** An SVG element. */
export function svg(tag, properties, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name === 'key') {
      element.dataset.key = value;
    } else if (name.startsWith('on')) {
      element[name] = value;
    } else {
      element.setAttribute(name === 'className' ? 'class' : name, value === true ? '' : SHOWN.has(name) ? shown(value) : value);
    }
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) {
      append(element, child);
    } else if (child instanceof Node) {
      element.append(child);
    } else if (child !== null && child !== undefined && child !== false) {
      element.append(document.createTextNode(shown(child)));
    }
  }
}

/** An address that is safe to link: of this server, or http(s); else null. */
export function safeAddress(address) {
  if (typeof address !== 'string') {
    return null;
  }
  if (/^\/(?![/\\])/.test(address)) {
    return address;
  }
  try {
    const url = new URL(address);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
  } catch {
    return null;
  }
}

/** A link, or plain text where the address is not safe. */
export function link(address, properties, ...children) {
  const href = safeAddress(address);
  if (href === null) {
    return h('span', { class: properties?.class }, ...children);
  }
  const foreign = !href.startsWith('/');
  return h('a', { ...properties, href, rel: foreign ? 'noreferrer' : null }, ...children);
}

/**
 * Makes the children of `target` equal to `wanted`, and keeps every node that may stay: focus,
 * selection and scroll positions survive. Custom elements own their children and are left alone
 * except for their attributes.
 */
export function patch(target, ...wanted) {
  const holder = document.createDocumentFragment();
  append(holder, wanted);
  patchChildren(target, holder);
}

function patchChildren(target, source) {
  const keyed = new Map();
  for (const child of target.childNodes) {
    if (child.dataset?.key !== undefined) {
      keyed.set(child.dataset.key, child);
    }
  }
  let at = target.firstChild;
  for (const next of [...source.childNodes]) {
    const key = next.dataset?.key;
    let found;
    if (key !== undefined) {
      found = keyed.get(key);
      keyed.delete(key);
    } else {
      found = at;
      while (found && found.dataset?.key !== undefined) {
        found = found.nextSibling;
      }
    }
    if (!found || !similar(found, next)) {
      target.insertBefore(next, at);
      continue;
    }
    if (found === at) {
      at = at.nextSibling;
    } else {
      target.insertBefore(found, at);
    }
    patchNode(found, next);
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

function similar(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && a.dataset?.key === b.dataset?.key;
}

function patchNode(target, source) {
  if (target.nodeType === Node.TEXT_NODE) {
    if (target.nodeValue !== source.nodeValue) {
      target.nodeValue = source.nodeValue;
    }
    return;
  }
  for (const { name } of [...target.attributes]) {
    if (!source.hasAttribute(name) && !(name === 'open' && target.nodeName === 'DETAILS')) {
      target.removeAttribute(name);
    }
  }
  for (const { name, value } of source.attributes) {
    if (target.getAttribute(name) === value) {
      continue;
    }
    // The policy of the page refuses styles set as an attribute, but not through the object model.
    if (name === 'style') {
      target.style.cssText = value;
    } else {
      target.setAttribute(name, value);
      if (name === 'selected') {
        // The attribute alone would lose to what the reader has chosen before.
        target.selected = true;
      }
    }
  }
  for (const name of HANDLERS) {
    if (target[name] !== source[name]) {
      target[name] = source[name];
    }
  }
  if (!target.nodeName.includes('-')) {
    patchChildren(target, source);
  }
}
