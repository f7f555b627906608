import { defaultNote, flagText, type Option } from '../config/option.ts';
import { serveOptions } from '../config/options.ts';
import { usage } from './command.ts';
import { COMMANDS } from './commands.ts';

/** docs/command-line.md, made of the same table as the parser and `--help`. */
export function commandLineDocs(): string {
  return [
    '# Command line and configuration', '',
    'Made from the table in `src/config/options.ts` and `src/cli/commands.ts` by `bun scripts/docs.ts`; a test fails when it is stale.', '',
    'Exit codes: 0 done; 1 it could not be done, standard error says why; 2 what was typed is not accepted, in one line. Flags are given as',
    '`--flag value` or `--flag=value`. What the panel says on the console is in English, or in Chinese where the locale (`LC_ALL`, `LC_MESSAGES`, `LANG`) begins with `zh`; help and refusals of what was typed are in English, for scripts rely on them.', '',
    'All commands work on one data directory, also while its panel runs, which sees the change within a second. Without `--data-dir` it is',
    '`data/` beside the executable in portable mode (`--portable`, or a file `mantou.portable` beside the executable), `/var/lib/mantou` as root,',
    '`$XDG_DATA_HOME/mantou` or `~/.local/share/mantou` otherwise, and `%ProgramData%\\Mantou` on Windows;',
    'with `--demo`, the same with `-demo` behind it.', '',
    ...COMMANDS.flatMap((command) => [
      `## ${usage(command)}`, '', `${command.summary}.`, '',
      ...command.options.map((option) => `- \`${flagText(option)}\`: ${option.help}${defaultNote(option)}`), '',
    ]),
    '## Settings of `mantou serve`', '',
    'A flag counts more than the environment, the environment more than `config.toml` in the data directory, and that more than the default.',
    'Lists are separated by commas in the environment and are arrays in `config.toml`; paths there count from the data directory.', '',
    '| flag | environment | config.toml | default | accepts |',
    '| --- | --- | --- | --- | --- |',
    ...serveOptions.map(row), '',
    '## HTTP', '',
    '`GET /healthz` answers 200 with `{"status":"ok","version":"…"}` to anyone.', '',
  ].join('\n');
}

function row(option: Option): string {
  const { flag, negatable, env, toml, accepts, default: fallback } = option;
  const shown = fallback === undefined || Array.isArray(fallback) ? '' : code(String(fallback));
  return `| ${[`--${flag}`, ...(negatable ? [`--no-${flag}`] : [])].map(code).join(' ')} | ${code(env)} | ${code(toml)} | ${shown} | ${accepts} |`;
}

const code = (text: string | undefined) => (text ? `\`${text}\`` : '');
