// What every part of the page needs.
export const $ = (id) => document.getElementById(id);

// newID names an action. randomUUID needs a secure context, which a plain address in a local
// network is not.
export function newID() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');
}

// announce says something to those who listen to the page.
export function announce(text) {
  $('announcer').textContent = text;
}
