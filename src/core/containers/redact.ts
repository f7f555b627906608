import { hideSecrets } from '../../platform/command-line.ts';

export const HIDDEN = '•••';

/** Names of what is told to programs in secret, as images and people write them: `POSTGRES_PASSWORD`, `AWS_SECRET_ACCESS_KEY`, `SENTRY_DSN`. */
const SECRET = /pass|pwd|secret|token|(?:^|[_.-])keys?(?![a-z])|key$|apikey|credential|auth(?!or)|dsn|private|salt|signature|cookie|session|license/i;
/** What only looks like one: where something lies (the folder of a shell, too), and who may sign in. */
const OPEN = /^(?:old)?pwd$|(?:path|file|dir|method|type|enabled|url_?scheme)$/i;

export const isSecretName = (name: string) => SECRET.test(name) && !OPEN.test(name);

export interface Variable {
  name: string;
  value: string;
  /** It is not shown: `value` is not the real one. */
  hidden: boolean;
}

/** `["PATH=/bin", "DB_PASSWORD=x"]`. A value of an open name loses the passwords of addresses in it. */
export const variablesOf = (env: readonly string[]): Variable[] =>
  env.map((pair) => {
    const at = pair.indexOf('=');
    const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    if (value && isSecretName(name)) return { name, value: HIDDEN, hidden: true };
    const safe = hideSecrets(value);
    return { name, value: safe, hidden: safe !== value };
  });

export const allVariables = (env: readonly string[]): Variable[] =>
  env.map((pair) => ({ name: pair.split('=', 1)[0]!, value: pair.slice(pair.split('=', 1)[0]!.length + 1), hidden: false }));

/** The words of a command line, without what is told in secret: as `--password x`, `--password=x` or in an address. */
export function hideWords(words: readonly string[]): string[] {
  return words.map((word, i) => {
    const before = words[i - 1];
    if (before !== undefined && /^--?[\w-]+$/.test(before) && isSecretName(before) && !word.startsWith('-')) return HIDDEN;
    // All of it: what follows a space may belong to the value.
    const option = /^(--?[\w-]+|\w+)=(?=.)/.exec(word);
    if (option && isSecretName(option[1]!)) return `${option[0]}${HIDDEN}`;
    return hideSecrets(word);
  });
}

/** A command as the engine lists it, in one line: words with spaces in them stand in single quotes. */
export const hideCommand = (line: string): string => hideWords(line.match(/'[^']*'|\S+/g) ?? []).join(' ');

/**
 * `A=1 B_TOKEN=x y C=2`: nothing tells where a value ends but the next name. Whoever made an image made it as long as they liked,
 * so each place is read once: a name begins where none goes on, and so do spaces.
 */
const hideAssigned = (text: string) => text.split(/(?<!\s)(\s+)(?=[\w.-]+=)/).map(hidePair).join('');

function hidePair(pair: string): string {
  const found = /(?<![\w.-])([\w.-]+)=(?=[\s\S])/.exec(pair);
  if (!found || !isSecretName(found[1]!)) return hideSecrets(pair);
  const from = found.index + found[0].length;
  return pair.slice(0, from) + HIDDEN + pair.slice(Math.max(from, pair.trimEnd().length));
}

/**
 * How a step of an image was made: builders write down what variables and arguments held.
 *
 *     ENV DB_PASSWORD=x    ARG NPM_TOKEN=x    RUN |1 NPM_TOKEN=x /bin/sh -c npm ci
 */
export function hideStep(command: string): string {
  if (/^(ENV|ARG|LABEL)\s/.test(command)) return hideAssigned(command);
  const [, begin, given, rest] = /^(RUN \|\d+ )(.*?)( \/\S+ -\w.*)$/s.exec(command) ?? [];
  return begin === undefined ? hideSecrets(command) : `${begin}${hideAssigned(given!)}${hideSecrets(rest!)}`;
}

/**
 * What GET /containers/{id}/json says, to be shown: secret variables, options and labels without their values.
 * Nothing else is left out, and the order stays.
 */
export function hideInspected(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return value && isSecretName(name) && !isHarmless(name) ? HIDDEN : hideSecrets(value);
  if (Array.isArray(value)) {
    if (!value.every((each) => typeof each === 'string')) return value.map((each) => hideInspected(each));
    if (name === 'Env') return variablesOf(value).map((one) => (one.value || value.includes(`${one.name}=`) ? `${one.name}=${one.value}` : one.name));
    return hideWords(value);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, hideInspected(each, key)]));
}

/** Of the engine's own answer, and no secrets. */
const isHarmless = (name: string) => name === 'SandboxKey';
