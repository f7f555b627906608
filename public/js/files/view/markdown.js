// Markdown: made into HTML here as a text, and shown in a frame where nothing runs. HTML inside it is shown as it is
// written, pictures by their words: neither asks anybody for anything.
import { Marked } from 'marked';

const frame = document.getElementById('markdown');
const escaped = (text) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

const marked = new Marked({
  gfm: true,
  renderer: {
    html: ({ text }) => escaped(text),
    image: ({ text, href }) => `<i>[${escaped(text || href)}]</i>`,
    link({ href, tokens }) {
      const words = this.parser.parseInline(tokens);
      // Only to the web and to mail: a path of the panel or a script is no link of a document.
      return /^(https?:|mailto:)/i.test(href) ? `<a href="${escaped(href)}" target="_blank" rel="noopener noreferrer nofollow">${words}</a>` : words;
    },
  },
});

const answer = await fetch(frame.dataset.src);
const body = marked.parse(await answer.text());
const scheme = document.documentElement.dataset.theme;
const dark = scheme === 'dark' || scheme === 'light' ? `<meta name="color-scheme" content="${scheme}">` : '';
frame.srcdoc = `<!doctype html><html lang=""><head><meta charset="utf-8"><title>${escaped(frame.title)}</title>${dark}<style>${frame.dataset.style}</style></head><body>${body}</body></html>`;
