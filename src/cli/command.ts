import { helpLines, parseArgv, UsageError, type Option, type Values } from '../config/option.ts';
import { serveOptions } from '../config/options.ts';
import { VERSION } from '../version.ts';

export interface Invocation {
  values: Values;
  positionals: string[];
  env: Record<string, string | undefined>;
  print(line: string): void;
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

/** Every command, in the order of `--help`. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'serve', summary: 'run the panel (also without a command)', positionals: [], options: serveOptions,
    load: async () => (await import('./serve.ts')).serve,
  },
  {
    name: 'version', summary: 'print the version', positionals: [], options: [],
    load: async () => async (call) => (call.print(VERSION), 0),
  },
];

/** argv → exit code. 2: what was typed is not accepted, in one line on stderr. */
export async function runCommand(argv: readonly string[], env: Invocation['env']): Promise<number> {
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  const warn = (line: string) => void process.stderr.write(`${line}\n`);
  try {
    const { command, rest } = findCommand(argv);
    if (rest.includes('--help') || rest.includes('-h')) return print(help(command)), 0;
    const { values, positionals } = parseArgv(command.options, rest);
    if (positionals.length !== command.positionals.length) throw new UsageError(`usage: ${usage(command)}`);
    return await (await command.load())({ values, positionals, env, print, warn });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    warn(`mantou: ${error.message}`);
    return 2;
  }
}

function findCommand(argv: readonly string[]): { command: Command; rest: string[] } {
  const first = argv[0];
  if (first === undefined || (first.startsWith('-') && first !== '--version')) {
    if (first === '--help' || first === '-h') return { command: overview, rest: ['--help'] };
    return { command: COMMANDS[0]!, rest: [...argv] };
  }
  if (first === '--version') return { command: COMMANDS.find((c) => c.name === 'version')!, rest: [] };
  if (first === 'help') return { command: overview, rest: ['--help'] };
  for (const words of [2, 1]) {
    const command = COMMANDS.find((c) => c.name === argv.slice(0, words).join(' '));
    if (command) return { command, rest: argv.slice(words) };
  }
  throw new UsageError(`unknown command ${first}; accepted: ${COMMANDS.map((c) => c.name).join(', ')}`);
}

const overview: Command = { name: '', summary: '', positionals: [], options: [], load: async () => async () => 0 };

const usage = (command: Command) => ['mantou', command.name, ...command.positionals, command.options.length ? '[options]' : ''].filter(Boolean).join(' ');

function help(command: Command): string {
  if (command !== overview) return [usage(command), '', command.summary, '', ...helpLines(command.options)].join('\n');
  const width = Math.max(...COMMANDS.map((c) => usage(c).length));
  return [
    `Mantou ${VERSION}, a server panel in one executable`, '',
    ...COMMANDS.map((c) => `  ${usage(c).padEnd(width)}  ${c.summary}`), '',
    'mantou COMMAND --help tells the options of one command.',
  ].join('\n');
}
