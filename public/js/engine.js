// Pages about containers belong to one engine. When the panel has gone on to another, such a page is loaded again as soon as
// it hears of that, and what it sends until then says which engine it means: the panel refuses it (src/http/engine-seen.ts).
import { on } from './dom.js';
import { goElsewhere } from './elsewhere.js';

const meant = document.querySelector('meta[name=mantou-engine]')?.content;

if (meant) {
  document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
    ctx.request.headers['Mantou-Engine'] = meant;
  });

  document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => {
    const now = ctx.response?.headers?.get('mantou-engine');
    // What was refused stays to be read.
    if (!now || now === meant || ctx.response.status === 409) return;
    const [, list] = location.pathname.split('/');
    goElsewhere(() => location.assign(location.pathname === `/${list}` ? location.href : `/${list}`));
  });

  on('submit', 'form[method=post]:not([hx-post])', (event, form) => {
    for (const [element, name] of [[form, 'action'], [event.submitter, 'formaction']]) {
      const to = element?.getAttribute(name);
      if (!to) continue;
      const url = new URL(to, location.href);
      url.searchParams.set('engine', meant);
      element.setAttribute(name, url.href);
    }
  });
}
