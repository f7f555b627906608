import { hideSecrets } from '../../platform/command-line.ts';
import { HIDDEN, hideWords, isSecretName } from '../containers/redact.ts';

/**
 * A setting with the lines that continue it, also one that is commented out; or any other line. Comments between continued
 * lines do not end it, and need no backslash (systemd.syntax(7)):
 *
 *     Environment=A=1 \
 *     # for the backup
 *       DB_PASSWORD=x
 */
const SETTING = /^([ \t#;]*([\w-]+)[ \t]*=)((?:[^\n\r]*\\(?:\r\n?|\n)(?:[ \t]*[#;][^\n\r]*(?:\r\n?|\n))*)*[^\n\r]*)|[^\n\r]+/gm;
/** A word as systemd and shells divide a line: with quotes in it, also one that is not closed; a backslash keeps what follows. */
const WORD = /(?:"(?:\\[\s\S]|[^"\\])*(?:"|$)|'(?:\\[\s\S]|[^'\\])*(?:'|$)|\\(?![\n\r])[\s\S]|[^\s"'\\])+/g;
/** A word within a word: of a script that a shell is given, of options that stand together (`username=x,password=y`). */
const PART = /(?:"(?:\\[\s\S]|[^"\\])*(?:"|$)|'(?:\\[\s\S]|[^'\\])*(?:'|$)|\\(?![\n\r])[\s\S]|[^\s"'\\,;&|(){}`])+/g;
/** Scripts within scripts are looked into this far. */
const DEEP = 4;

/** A unit's text for who may read it and not change it: what programs are told in secret is left out. */
export const hideInUnit = (unit: string) =>
  unit.replace(SETTING, (line, begin: string | undefined, name: string, value: string) => {
    if (begin === undefined) return hideSecrets(line);
    // `SetCredential=name:what`, of which all belongs to it, to the last continued line.
    if (/^SetCredential(Encrypted)?$/.test(name)) return begin + value.replace(/^([^:\n\r]*:)?[\s\S]+$/, `$1${HIDDEN}`);
    return begin + hideInText(value);
  });

/** The words of a command line or a setting, as `hideWords` shows them; what divides them stays. */
export function hideInText(text: string, word = WORD, deep = 0): string {
  const found = text.match(word) ?? [];
  const bare = found.map(unquoted);
  const shown = hideWords(bare).map((each, i) => within(each, bare[i]!, deep));
  let at = 0;
  return text.replace(word, (raw) => {
    const i = at++;
    const quote = /["']/.exec(raw)?.[0] ?? '';
    return shown[i] === bare[i] ? raw : quote + shown[i]! + quote;
  });
}

/** What only shows when one looks into the word: `Authorization: Bearer x`, `--setenv=DB_PASS=x`, `cd /srv; DB_PASS=x ./run`. */
function within(shown: string, bare: string, deep: number): string {
  const header = /^([\w-]+):\s*(?=\S)/.exec(bare);
  if (header && (isSecretName(header[1]!) || /authorization$/i.test(header[1]!)) && !bare.startsWith('//', header[1]!.length + 1)) return `${header[0]}${HIDDEN}`;
  if (deep >= DEEP) return shown;
  const option = /^--?[\w-]+=/.exec(shown)?.[0] ?? '';
  const rest = shown.slice(option.length);
  return option || /[\s,;&|(){}`"']/.test(rest) ? option + hideInText(rest, PART, deep + 1) : shown;
}

/** Quotes within the other kind stay: they keep words of a script together. */
const unquoted = (raw: string) =>
  raw.replace(/"((?:\\[\s\S]|[^"\\])*)(?:"|$)|'((?:\\[\s\S]|[^'\\])*)(?:'|$)|\\([\s\S])/g, (_, double?: string, single?: string, kept?: string) =>
    kept ?? (double ?? single ?? '').replace(/\\(["'\\])/g, '$1'));
