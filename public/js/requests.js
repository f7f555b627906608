// What htmx is told about answers that are not pages: a refusal is said in the corner and leaves the page as it is;
// only 422 is swapped in, because it is the same form with its errors.
import htmx from 'htmx.org';
import { goElsewhere } from './elsewhere.js';
import { toast } from './toast.js';
import { fill, text } from './text.js';

htmx.config.noSwap = [204, 304, 400, 401, 403, 404, 405, 408, 409, 410, 413, 415, 429, '5xx'];

// A question that is open stays as it was asked, whatever is drawn anew around it.
htmx.config.morphSkip += ', dialog[open]';
// When what is around it is drawn anew, what somebody has opened or folded stays so, and a menu stays where menu.js has put
// it.
htmx.registerExtension('kept', {
  htmx_before_morph_attr: (element, { attrName }) =>
    !((attrName === 'open' && element.localName === 'details') || (attrName === 'style' && element.matches('.menu'))),
});

// What asks for itself again and is there no longer leads away, but not from where somebody is on the way to.
document.addEventListener('htmx:after:request', (event) => {
  const { request, hx } = event.detail.ctx;
  if (!hx?.redirect || request.method !== 'GET') return;
  event.preventDefault();
  goElsewhere(() => location.assign(hx.redirect));
});

document.addEventListener('htmx:response:error', ({ detail: { ctx } }) => {
  const said = ctx.hx?.trigger?.includes('toast') || ctx.hx?.redirect;
  if (said || ctx.response.status === 422) return;
  toast({ tone: 'danger', title: fill(text.failed, { status: ctx.response.status }) });
});

// Polls fail quietly: the connection banner speaks for them.
document.addEventListener('htmx:error', ({ detail: { ctx } }) => {
  if (!ctx || ctx.request?.method?.toUpperCase() === 'GET') return;
  toast({ tone: 'danger', title: text.noAnswer });
});
