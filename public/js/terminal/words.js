// What the terminal says, in the page's language (src/views/terminal/words.ts), and what ran when the page was made.
export const words = JSON.parse(document.getElementById('tt-words')?.textContent ?? '{}');

export const known = JSON.parse(document.getElementById('tt-known')?.textContent ?? '[]');
