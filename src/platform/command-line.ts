/*
 * Programs write these lines, also those in containers, as long as they like: no expression may take longer than it takes to
 * read the line a few times. So a name is looked through once, ahead, and not divided in every way around what is secret in it.
 */
const OPTION = /((?:^|\s)-{1,2}(?=[\w-]*?(?:password|passwd|passphrase|secret|token|api-?key))[\w-]+(?:=|\s+))(?!-)\S+/gi;
const VARIABLE = /((?:^|\s)(?=\w*?(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY))\w+=)\S+/g;
/** What stands before `://` does not matter. */
const IN_ADDRESS = /(:\/\/[^\s:/@]*:)[^\s/@]+(?=@)/g;

/** A command line without what programs are told in secret: it is shown to viewers and kept for weeks. */
export const hideSecrets = (line: string) =>
  line.replace(OPTION, '$1•••').replace(VARIABLE, '$1•••').replace(IN_ADDRESS, '$1•••');

/** What only a shell understands: `|`, `&&`, `>file`. */
const OPERATOR = /^(\|\|?|&&?|;|[0-9]?>{1,2}|<{1,3})$/;

/**
 * The words of a command as people type it: divided by spaces, kept together by quotes; a backslash takes the meaning of
 * the next character away, but on Windows, where it divides folders. Nothing is put in for variables and patterns.
 * @returns null when a quote is not closed; 'shell' when it holds what only a shell understands
 */
export function splitWords(line: string, backslash = true): string[] | null | 'shell' {
  const found: string[] = [];
  let word: string | null = null;
  let quote = '';
  let quoted = false;
  const end = (): boolean => {
    if (word === null) return true;
    if (!quoted && OPERATOR.test(word)) return false;
    found.push(word);
    word = null;
    quoted = false;
    return true;
  };
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!;
    const next = line[i + 1];
    if (quote === "'" ? char === "'" : quote === '"' ? char === '"' : false) quote = '';
    else if (backslash && char === '\\' && quote !== "'" && next !== undefined && (quote === '' || /["\\$`]/.test(next))) {
      word = (word ?? '') + next;
      quoted = true;
      i++;
    } else if (quote) word = (word ?? '') + char;
    else if (char === '"' || (backslash && char === "'")) {
      quote = char;
      quoted = true;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (!end()) return 'shell';
    } else word = (word ?? '') + char;
  }
  if (quote) return null;
  return end() ? found : 'shell';
}
