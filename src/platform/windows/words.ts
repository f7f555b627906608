/** Text as calls of Windows take it: UTF-16 with an end. */
export const wide = (text: string) => Buffer.from(`${text}\0`, 'utf16le');

/** One word of a command line in quotes, as CommandLineToArgvW takes it apart: backslashes count only before a quote. */
export const quotedWord = (text: string) => `"${text.replace(/(\\*)("|$)/g, (_, slashes: string, quote: string) => slashes + slashes + (quote ? '\\"' : ''))}"`;

/** The same, in quotes only where it needs them. */
export const windowsWord = (text: string) => (/[\s"]/.test(text) || text === '' ? quotedWord(text) : text);
