/** Inside the frame of a Markdown preview; its hash is in the page's policy, so it must not change on the way. */
export const MARKDOWN_STYLE = `:root{color-scheme:light dark}
body{margin:0 auto;max-width:46rem;padding:1.5rem;font:1rem/1.65 system-ui,sans-serif;overflow-wrap:anywhere}
pre,code{font-family:ui-monospace,monospace;font-size:.875em}
pre{padding:.75rem 1rem;border:1px solid #8884;border-radius:.375rem;overflow:auto}
table{border-collapse:collapse;display:block;overflow:auto}td,th{border:1px solid #8884;padding:.25rem .625rem}
blockquote{margin:1rem 0;padding-left:1rem;border-left:3px solid #8886}
img,hr{max-width:100%}h1,h2{border-bottom:1px solid #8884;padding-bottom:.25rem}`;
