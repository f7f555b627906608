import { helpLines, parseArgv, UsageError, type Option, type Values } from '../config/option.ts';
import type { Messages } from '../i18n/en.ts';
import { AppError } from '../lib/errors.ts';
import { VERSION } from '../version.ts';
import { COMMANDS } from './commands.ts';
import { consoleTexts, print, tell, warn } from './console.ts';

export interface Invocation {
  values: Values;
  positionals: string[];
  env: Record<string, string | undefined>;
  /** Texts in the language of the console. */
  t: Messages;
  /** A line on standard output. */
  print(line: string): void;
  /** A line on standard error. */
  warn(line: string): void;
}

export interface Command {
  /** Words that call it: "user add". */
  name: string;
  summary: string;
  /** Names of the words after it, for help and the count. */
  positionals: readonly string[];
  options: readonly Option[];
  /** Loaded when called, so that `version` does not pay for the panel. */
  load(): Promise<(call: Invocation) => Promise<number>>;
}

/** argv → exit code. 0: done. 1: it could not be done, stderr says why. 2: what was typed is not accepted, in one line. */
export async function runCommand(argv: readonly string[], env: Invocation['env']): Promise<number> {
  const t = consoleTexts(env);
  try {
    const { command, rest } = findCommand(argv);
    if (!command) return print(overview(rest[0])), 0;
    if (asksForHelp(rest)) return print(commandHelp(command)), 0;
    const { values, positionals } = parseArgv(command.options, rest);
    if (positionals.length !== command.positionals.length) throw new UsageError(wrongCount(command, positionals));
    return await (await command.load())({ values, positionals, env, t, print, warn });
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof AppError)) throw error;
    warn(`mantou: ${error instanceof AppError ? tell(error, t) : error.message}`);
    return error instanceof AppError ? 1 : 2;
  }
}

/** `--help` counts until `--`, as a flag's own value it does not occur. */
const asksForHelp = (words: readonly string[]) => {
  const flags = words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
  return flags.includes('--help') || flags.includes('-h');
};

/** No command at all means `serve`; undefined means the overview, of those that begin with the first of `rest` where there is one. */
function findCommand(argv: readonly string[]): { command: Command | undefined; rest: readonly string[] } {
  const [first = ''] = argv;
  if (['--help', '-h', 'help'].includes(first)) return { command: undefined, rest: [] };
  if (first === '--version') return { command: byName('version'), rest: argv.slice(1) };
  if (first === '' || first.startsWith('-')) return { command: byName('serve'), rest: argv };
  for (const words of [2, 1]) {
    const command = byName(argv.slice(0, words).join(' '));
    if (command) return { command, rest: argv.slice(words) };
  }
  const family = COMMANDS.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name);
  if (family.length && asksForHelp(argv)) return { command: undefined, rest: argv };
  const known = family.length ? family : COMMANDS.map(({ name }) => name);
  throw new UsageError(`unknown command ${argv.slice(0, family.length ? 2 : 1).join(' ')}; accepted: ${known.join(', ')}`);
}

const byName = (name: string) => COMMANDS.find((command) => command.name === name);

/** "mantou user add NAME [options]" */
export const usage = ({ name, positionals, options }: Command) =>
  ['mantou', name, ...positionals, options.length ? '[options]' : ''].filter(Boolean).join(' ');

function wrongCount(command: Command, given: readonly string[]): string {
  const extra = given[command.positionals.length];
  const what = extra === undefined ? `${command.positionals[given.length]} is missing` : `unexpected ${extra}`;
  return `${what}; usage: ${usage(command)}`;
}

function commandHelp(command: Command): string {
  return [usage(command), '', command.summary, '', ...helpLines(command.options)].join('\n');
}

/** All commands, or those that begin with one word: `mantou user --help`. */
function overview(word?: string): string {
  const commands = word ? COMMANDS.filter((c) => c.name.startsWith(`${word} `)) : COMMANDS;
  const width = Math.max(...commands.map((c) => usage(c).length));
  return [
    `Mantou ${VERSION}, a server panel in one executable`, '',
    ...commands.map((c) => `  ${usage(c).padEnd(width)}  ${c.summary}`), '',
    'mantou COMMAND --help lists the options of one command.',
  ].join('\n');
}
