// The page around the conversation: names for actions, the menu, the clock.
import { $, newID } from './page.js';
import { follow } from './live.js';
import { openForm, notice } from './form.js';
import { enterRoom } from './composer.js';

// An action keeps its name until it is answered, so that a repeat is known as one.
addEventListener('htmx:configRequest', ({ detail }) => {
  if (detail.verb !== 'post') return;
  detail.elt.dataset.action ||= newID();
  detail.parameters.id = detail.elt.dataset.action;
  if (detail.path === '/people') {
    detail.parameters.zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    detail.parameters.locale = navigator.language;
  }
});
addEventListener('htmx:beforeSwap', ({ detail }) => {
  if (detail.target.id !== 'dialog') return;
  detail.shouldSwap = false;
  if (detail.xhr.status === 200) openForm(detail.serverResponse);
});
addEventListener('htmx:afterRequest', ({ detail }) => {
  if (detail.xhr.status) delete detail.elt.dataset.action;
  if (detail.xhr.status >= 400) notice(detail.xhr.responseText.trim());
  if (detail.xhr.status === 204 && detail.elt.closest('dialog')) $('dialog').close('done');
});
addEventListener('htmx:sendError', () => notice('The workspace does not answer. Is payoff still running?'));

function drawer(open) {
  if (open === document.body.classList.contains('drawer')) return;
  document.body.classList.toggle('drawer', open);
  $('room').inert = open;
  const menu = document.querySelector('.menu');
  menu.setAttribute('aria-expanded', open);
  (open ? document.querySelector('#rooms a') : menu).focus();
}
addEventListener('click', (e) => {
  const open = document.body.classList.contains('drawer');
  if (e.target.closest('[data-drawer]')) drawer(!open);
  else if (open && !e.target.closest('#side')) drawer(false);
});
addEventListener('keydown', (e) => {
  if (e.key !== 'Escape') return;
  drawer(false);
  if (e.target.closest?.('#who')) { $('who').open = false; $('who').querySelector('summary').focus(); }
});

const seen = new WeakMap(); // when the page was told a time
const shape = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
function tick() {
  const time = document.querySelector('#now time');
  if (!time) return;
  if (!seen.has(time)) seen.set(time, performance.now());
  const now = Number(time.dataset.millis) + performance.now() - seen.get(time);
  const p = {};
  for (const { type, value } of new Intl.DateTimeFormat('en-US', { ...shape, timeZone: time.dataset.zone }).formatToParts(now)) p[type] = value;
  const text = `${p.weekday} ${p.day} ${p.month} ${p.year}, ${p.hour}:${p.minute}`;
  if (time.textContent !== text) time.textContent = text;
}
setInterval(tick, 1000);

// The room has been shown: at the start, on changing rooms, and on catching up with a lot.
function shown() {
  const room = $('room');
  if (!room) return;
  if (document.body.classList.contains('drawer')) drawer(false);
  document.title = room.dataset.title;
  enterRoom();
  follow();
}
addEventListener('htmx:afterSwap', ({ target }) => { if (target.id === 'room') shown(); });
shown();
tick();
