import { resolve } from 'node:path';

/** One setting that a person may give: the same row makes the parser, `--help`, the config file and the docs. */
export interface Option {
  /** Name in the parsed result. */
  key: string;
  /** Long flag without dashes. */
  flag: string;
  kind: 'text' | 'path' | 'integer' | 'switch' | 'list';
  /** A switch that also has `--no-…`; unset means "decide by itself". */
  negatable?: boolean;
  /** Placeholder in --help, for what takes a value. */
  value?: string;
  help: string;
  /** What is accepted, said when it is not. */
  accepts: string;
  valid?: (value: string) => boolean;
  /** Name of the environment variable, when it may come from there. */
  env?: string;
  /** Key in config.toml, when it may come from there. */
  toml?: string;
  default?: string | number | boolean | readonly string[];
  /** The command cannot do without it. */
  required?: boolean;
}

export type Value = string | number | boolean | string[];
export type Values = Record<string, Value | undefined>;

/** The person gave something that is not accepted: exit 2 and this one line. */
export class UsageError extends Error {}

/**
 * `where` names the source ("--port", "MANTOU_PORT", "config.toml: port"); paths count from `folder`.
 * @throws UsageError saying what is accepted
 */
export function readValue(option: Option, raw: unknown, where: string, folder = process.cwd()): Value {
  const refuse = () => new UsageError(`${where}: ${JSON.stringify(raw)} is not accepted; give ${option.accepts}`);
  if (option.kind === 'list') {
    const items = Array.isArray(raw) ? raw.map(String) : String(raw).split(',').map((item) => item.trim()).filter(Boolean);
    if (items.some((item) => option.valid && !option.valid(item))) throw refuse();
    return items;
  }
  if (typeof raw === 'object') throw refuse();
  const text = String(raw);
  if (option.kind === 'switch') {
    if (/^(1|true|yes|on)$/i.test(text)) return true;
    if (/^(0|false|no|off)$/i.test(text)) return false;
    throw refuse();
  }
  if (option.kind === 'path') {
    if (text === '' || text.includes('\0')) throw refuse();
    return resolve(folder, text);
  }
  if (option.valid && !option.valid(text)) throw refuse();
  if (option.kind === 'integer') {
    if (!/^\d{1,9}$/.test(text)) throw refuse();
    return Number(text);
  }
  return text;
}

export interface Parsed {
  values: Values;
  positionals: string[];
}

/**
 * Reads `argv` (without program and command) by the table. Both `--flag value` and `--flag=value`; `--` ends the flags.
 * @throws UsageError naming the flags that exist.
 */
export function parseArgv(options: readonly Option[], argv: readonly string[]): Parsed {
  const values: Values = {};
  const positionals: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    if (word === '--') {
      positionals.push(...argv.slice(i + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      positionals.push(word);
      continue;
    }
    const [flag = '', inline] = splitFlag(word);
    const option = options.find((o) => `--${o.flag}` === flag);
    const negated = options.find((o) => o.negatable && `--no-${o.flag}` === flag);
    if (negated && inline === undefined) {
      values[negated.key] = false;
      continue;
    }
    if (!option) throw new UsageError(`unknown option ${flag}; accepted: ${flagNames(options)}`);
    if (option.kind === 'switch') {
      values[option.key] = inline === undefined ? true : readValue(option, inline, flag);
      continue;
    }
    const raw = inline ?? argv[++i];
    // The next flag is not a value: `--data-dir --port 80` forgot one. What begins with a dash is given as --flag=value.
    if (raw === undefined || (inline === undefined && raw.startsWith('--'))) throw new UsageError(`${flag} needs a value: ${option.accepts}`);
    const value = readValue(option, raw, flag);
    // A list may be given several times: each adds to it.
    values[option.key] = Array.isArray(value) ? [...((values[option.key] as string[]) ?? []), ...value] : value;
  }
  const missing = options.find((o) => o.required && values[o.key] === undefined);
  if (missing) throw new UsageError(`${[`--${missing.flag}`, missing.value].filter(Boolean).join(' ')} is required: ${missing.accepts}`);
  return { values, positionals };
}

function splitFlag(word: string): [string, string?] {
  const at = word.indexOf('=');
  return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

function flagNames(options: readonly Option[]) {
  return options.map((o) => (o.negatable ? `--${o.flag}, --no-${o.flag}` : `--${o.flag}`)).join(', ') || 'none';
}

/** "--tls | --no-tls", "--port PORT" */
export function flagText(o: Option): string {
  const name = o.negatable ? `--${o.flag} | --no-${o.flag}` : `--${o.flag}`;
  return o.value ? `${name} ${o.value}` : name;
}

export const defaultNote = (o: Option) =>
  o.required ? ' (required)' : o.default === undefined || o.default === false || Array.isArray(o.default) ? '' : ` (default ${o.default})`;

/** The lines of `--help` for these options. */
export function helpLines(options: readonly Option[]): string[] {
  const left = options.map(flagText);
  const width = Math.max(0, ...left.map((l) => l.length));
  return options.map((o, i) => {
    return `  ${left[i]!.padEnd(width)}  ${o.help}${defaultNote(o)}`;
  });
}
