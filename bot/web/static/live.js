// What happens in the workspace, as it happens. The stream is closed while the page is hidden,
// because a browser allows only a few connections to one server; it goes on from where it was.
import { $, announce } from './page.js';

let source;
let retry;

export function follow() {
  clearTimeout(retry);
  source?.close();
  const room = $('room');
  toNewest();
  if (!room || document.hidden) return;
  const live = source = new EventSource(`${room.dataset.base}/live?since=${room.dataset.since}`);
  const on = (name, apply) => live.addEventListener(name, (e) => {
    if (live !== source) return; // of a room that was left
    apply(e.data);
    if (e.lastEventId) room.dataset.since = e.lastEventId;
  });
  on('message', message);
  on('unread', unread);
  on('clock', (html) => { swap('now', html); announce(`It is ${$('now').querySelector('time').textContent}`); });
  on('people', (html) => swap('people', html));
  on('reload', reload);
  live.onopen = () => { $('connection').textContent = ''; };
  live.onerror = () => {
    if (live !== source) return;
    $('connection').textContent = 'Connection lost, trying again…';
    if (live.readyState === EventSource.CLOSED) retry = setTimeout(comeBack, 2000);
  };
}

// A server that was started anew may not know this person or room any more.
async function comeBack() {
  try {
    const r = await fetch($('room').dataset.base, { method: 'HEAD' });
    if (r.status === 404) location.assign('/');
    else follow();
  } catch {
    retry = setTimeout(comeBack, 2000);
  }
}

function reload() {
  source.close();
  htmx.ajax('GET', $('room').dataset.base, { target: '#room', select: '#room', swap: 'outerHTML' });
}

function parse(html) {
  const t = document.createElement('template');
  t.innerHTML = html;
  return t.content.firstElementChild;
}

function swap(id, html) {
  $(id).replaceWith(parse(html));
  htmx.process($(id));
}

const number = (article) => Number(article.id.slice(1));

function message(html) {
  const fresh = parse(html);
  const log = $('log');
  const old = $(fresh.id);
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 120;
  if (old) {
    const focused = old.contains(document.activeElement);
    old.replaceWith(fresh);
    if (focused) (fresh.querySelector('button') ?? $('line')).focus();
  } else {
    const all = [...log.querySelectorAll('article')];
    const above = all.findLast((a) => number(a) < number(fresh));
    if (!above && all.length) return; // among the earlier ones, which are not shown
    log.querySelector('.hint')?.remove();
    above ? above.after(fresh) : log.append(fresh);
  }
  htmx.process(fresh);
  if (!fresh.classList.contains('mine')) announce(fresh.dataset.headline);
  if (atEnd || fresh.classList.contains('mine')) {
    toNewest();
    // A report taller than the log is read from its beginning.
    if (fresh.offsetHeight > $('log').clientHeight) fresh.scrollIntoView({ block: 'start' });
  }
  else if (!old) $('newest').hidden = false;
}

export function toNewest() {
  const log = $('log');
  if (!log) return;
  log.scrollTop = log.scrollHeight;
  $('newest').hidden = true;
}
addEventListener('click', (e) => { if (e.target.id === 'newest') { toNewest(); $('line').focus(); } });
addEventListener('scroll', ({ target }) => {
  if (target.id === 'log' && target.scrollHeight - target.scrollTop - target.clientHeight < 40) $('newest').hidden = true;
}, true);

function unread(ids) {
  const rooms = ids.split(' ').filter(Boolean);
  for (const a of document.querySelectorAll('#rooms a')) a.toggleAttribute('data-unread', rooms.includes(a.dataset.room));
  $('room').dataset.unread = rooms.length;
  document.title = (rooms.length ? '• ' : '') + $('room').dataset.title;
}

document.addEventListener('visibilitychange', () => {
  if (document.hidden) source?.close();
  else follow();
});
