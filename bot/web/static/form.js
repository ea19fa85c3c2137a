// The form of a command: one dialog at a time. What was typed is kept when it is closed, and is
// there again when the same form is opened. And what went wrong, which is said where one looks.
import { $ } from './page.js';

const kept = new Map(); // by form, then by field

export function openForm(html) {
  const dialog = $('dialog');
  dialog.innerHTML = html;
  htmx.process(dialog);
  if (!dialog.open) {
    for (const [field, value] of Object.entries(kept.get(key()) ?? {})) restore(field, value);
    dialog.showModal();
  }
  const first = dialog.querySelector('[autofocus]');
  first?.focus();
  if (first?.type === 'text') first.setSelectionRange(first.value.length, first.value.length);
}

const key = () => $('dialog').querySelector('form')?.dataset.key;

function restore(field, value) {
  for (const input of $('dialog').querySelectorAll('[data-field]')) {
    if (input.dataset.field !== field) continue;
    if (input.type === 'radio') input.checked = input.value === value;
    else input.value = value;
  }
}

let fading;

// notice says what went wrong: inside the form, when one is open, because the rest of the page
// is out of reach then.
export function notice(text) {
  const dialog = $('dialog');
  if (!dialog?.open) {
    clearTimeout(fading);
    $('notice').textContent = text;
    fading = setTimeout(() => { $('notice').textContent = ''; }, 12000);
    return;
  }
  const p = dialog.querySelector('.wrong.whole') ?? document.createElement('p');
  p.className = 'wrong whole';
  p.role = 'alert';
  p.textContent = text;
  dialog.querySelector('.questions').prepend(p);
}

addEventListener('input', ({ target }) => {
  if (!target.dataset?.field) return;
  if (!kept.has(key())) kept.set(key(), {});
  kept.get(key())[target.dataset.field] = target.value;
});

addEventListener('click', ({ target }) => {
  if (target.closest('[data-close]') || target.id === 'dialog') $('dialog').close();
});

$('dialog')?.addEventListener('close', () => {
  if ($('dialog').returnValue === 'done') kept.delete(key());
  $('dialog').returnValue = '';
  $('dialog').replaceChildren();
  if (document.activeElement === document.body) $('line').focus();
});
