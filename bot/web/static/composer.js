// The message box: drafts, earlier lines, completion of slash commands, sending in order.
import { $, newID } from './page.js';
import { openForm, notice } from './form.js';

let sending = Promise.resolve(); // lines arrive in the order they were sent
let waiting = 0;
let back = 0; // how many lines back the box shows

const base = () => $('room').dataset.base;
const store = (name) => `${name} ${base()}`;
const lines = () => JSON.parse(sessionStorage.getItem(store('lines')) ?? '[]');

export function enterRoom() {
  back = 0;
  write(sessionStorage.getItem(store('draft')) ?? '');
  // A touch screen would bring up its keyboard over the conversation.
  if (!matchMedia('(pointer: coarse)').matches && !$('dialog').open) $('line').focus();
}

function write(text) {
  const line = $('line');
  line.value = text;
  line.rows = Math.min(8, text.split('\n').length);
  line.setSelectionRange(text.length, text.length);
  sessionStorage.setItem(store('draft'), text);
}

addEventListener('submit', (e) => {
  if (e.target.id !== 'composer') return;
  e.preventDefault();
  const text = $('line').value;
  if (!text.trim()) return;
  sessionStorage.setItem(store('lines'), JSON.stringify([...lines().filter((l) => l !== text), text].slice(-50)));
  back = 0;
  hide();
  write('');
  const to = base();
  const id = newID();
  sending = sending.then(() => send(to, id, text));
});

async function send(to, id, text) {
  working(1);
  try {
    const r = await fetch(`${to}/say`, { method: 'POST', body: new URLSearchParams({ id, text }) });
    if (r.status === 200) openForm(await r.text());
    else if (!r.ok) giveBack(to, text, (await r.text()).trim());
  } catch {
    giveBack(to, text, 'The workspace does not answer. Is payoff still running? Your line is back in the box.');
  }
  working(-1);
}

function working(n) {
  waiting += n;
  $('composer').classList.toggle('busy', waiting > 0);
}

// giveBack puts a line that was not taken where it was typed, before what was typed since.
function giveBack(to, text, why) {
  notice(why);
  const since = sessionStorage.getItem(`draft ${to}`);
  const both = since ? `${text}\n${since}` : text;
  if (to === base()) write(both);
  else sessionStorage.setItem(`draft ${to}`, both);
}

addEventListener('input', ({ target }) => {
  if (target.id !== 'line') return;
  back = 0;
  target.rows = Math.min(8, target.value.split('\n').length);
  sessionStorage.setItem(store('draft'), target.value);
});

const options = () => [...$('choices').querySelectorAll('[role=option]')];
const chosen = () => options().find((o) => o.getAttribute('aria-selected') === 'true');
const completing = () => /^\/[^\n]*$/.test($('line').value);

function hide() {
  $('choices').hidden = true;
  $('line').setAttribute('aria-expanded', 'false');
  $('line').removeAttribute('aria-activedescendant');
}

function choose(option) {
  chosen()?.setAttribute('aria-selected', 'false');
  option.setAttribute('aria-selected', 'true');
  option.scrollIntoView({ block: 'nearest' });
  $('line').setAttribute('aria-activedescendant', option.id);
}

function accept(option) {
  write(`/${option.dataset.value.trimEnd()} `);
  hide();
  $('line').focus();
  $('line').dispatchEvent(new Event('input', { bubbles: true }));
}

addEventListener('htmx:configRequest', (e) => {
  if (e.detail.elt.id !== 'line' || completing()) return;
  e.preventDefault();
  hide();
});
addEventListener('htmx:afterSwap', ({ detail }) => {
  if (detail.target.id !== 'choices') return;
  if (!completing() || !options().length || document.activeElement !== $('line')) { hide(); return; }
  $('choices').hidden = false;
  $('line').setAttribute('aria-expanded', 'true');
  $('line').removeAttribute('aria-activedescendant');
});
// A press on a completion must not take the focus out of the box.
addEventListener('mousedown', (e) => { if (e.target.closest('#choices')) e.preventDefault(); });
addEventListener('click', ({ target }) => {
  const option = target.closest('#choices [role=option]');
  if (option) accept(option);
  const starter = target.closest('[data-starter]');
  if (starter) { write(starter.dataset.starter); $('line').focus(); }
});
addEventListener('focusout', ({ target }) => { if (target.id === 'line') hide(); });

// stepThrough moves in the list of completions; it says whether the key was one of its own.
function stepThrough(key) {
  const all = options();
  const at = all.indexOf(chosen());
  if (key === 'ArrowDown') choose(all[(at + 1) % all.length]);
  else if (key === 'ArrowUp') choose(all.at(at < 0 ? -1 : at - 1));
  else if (key === 'Escape') hide();
  else if (key === 'Tab') accept(chosen() ?? all[0]);
  else if (key === 'Enter' && chosen()) accept(chosen());
  else return false;
  return true;
}

function recall(by) {
  const all = lines();
  if (!all.length || (!back && $('line').value) || (by < 0 && !back)) return false;
  back = Math.max(0, Math.min(all.length, back + by));
  const keep = back;
  write(back ? all.at(-back) : '');
  back = keep;
  return true;
}

let sent = false; // by the key that is held down

addEventListener('keydown', (e) => {
  sent = false;
  if (e.target.id !== 'line' || e.isComposing || e.ctrlKey || e.metaKey || e.altKey || e.shiftKey) return;
  let taken = !$('choices').hidden && stepThrough(e.key);
  if (!taken && e.key === 'ArrowUp') taken = recall(1);
  if (!taken && e.key === 'ArrowDown') taken = recall(-1);
  if (!taken && e.key === 'Enter') { $('composer').requestSubmit(); taken = sent = true; }
  if (taken) { e.preventDefault(); e.stopPropagation(); }
});
// Some keyboards write the line break all the same.
addEventListener('beforeinput', (e) => { if (sent && e.inputType === 'insertLineBreak') e.preventDefault(); });
