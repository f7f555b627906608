import { parse as words } from 'shell-quote';
import { isMap, isPair, isScalar, parseDocument, stringify, type Document, type YAMLMap } from 'yaml';
import { AppError } from '../../lib/errors.ts';
import { issueText } from '../../lib/issue.ts';
import type { Messages } from '../../i18n/en.ts';
import { ContainerInput } from '../containers/spec/input.ts';
import { readRunLine } from '../containers/spec/run-line.ts';
import { asCompose } from '../containers/spec/shown.ts';

/** A service that was made of a command, and options of it that are not in the service. */
export interface FromRun {
  service: string;
  left: string[];
}

type Section = 'services' | 'volumes' | 'networks';
type Made = Partial<Record<Section, Record<string, unknown>>>;

/**
 * Adds a service to a compose file for each `docker run` command in a text; what stands in the file stays to the letter.
 * @param t for what is wrong with a value
 * @throws AppError invalid: where there is none, for a value that no service takes, and for a file that is no YAML
 */
export function addRunLines(compose: string, text: string, t: Messages): { compose: string; services: FromRun[] } {
  const commands = commandsOf(text);
  if (commands.length === 0) throw new AppError('invalid', (m) => m.stacks.errors.noRunLine, { field: 'run' });
  const taken = new Set(Object.keys((parse(compose).toJS({ maxAliasCount: 1000 }) as { services?: object | null } | null)?.services ?? {}));
  const services: FromRun[] = [];
  let after = compose;
  for (const command of commands) {
    const { service, made, left } = serviceOf(command, taken, t);
    taken.add(service);
    services.push({ service, left });
    for (const section of ['services', 'volumes', 'networks'] as const) for (const [name, value] of Object.entries(made[section] ?? {})) after = insert(after, section, name, value);
  }
  return { compose: after, services };
}

/** A command goes on where a line ends with `\`, and over lines that begin with an option. */
function commandsOf(text: string): string[] {
  const lines = text.replace(/\\\r?\n/g, ' ').split(/\r?\n/).map((line) => line.trim()).filter((line) => line && !line.startsWith('# '));
  const commands: string[] = [];
  for (const line of lines) {
    if (/^(?:[$#]\s+)?(?:sudo\s+)?(?:docker|podman|nerdctl)\s+(?:container\s+)?(?:run|create)\b/.test(line)) commands.push(line);
    else if (commands.length && line.startsWith('-')) commands.push(`${commands.pop()} ${line}`);
    else throw new AppError('invalid', (t) => t.stacks.errors.runLine({ line: line.slice(0, 80), why: t.stacks.errors.noRunLine }), { field: 'run' });
  }
  return commands;
}

function serviceOf(command: string, taken: ReadonlySet<string>, t: Messages): { service: string; made: Made; left: string[] } {
  const bad = (why: (m: Messages) => string) => new AppError('invalid', (m) => m.stacks.errors.runLine({ line: command.slice(0, 80), why: why(m) }), { field: 'run' });
  // What a shell would do with it is no part of a container.
  if (words(command, (name) => `$${name}`).some((word) => typeof word !== 'string' && 'op' in word && word.op !== 'glob')) throw bad((m) => m.containerForm.commandRule);
  const line = readRunLine(command);
  if (!line) throw bad((m) => m.stacks.errors.noRunLine);
  const wanted = line.fields.name ?? nameOf(line.fields.image ?? '');
  const input = ContainerInput.safeParse({ ...line.fields, name: wanted });
  if (!input.success) {
    const [issue] = input.error.issues;
    throw bad(() => `${issue!.path.join('.')}: ${issueText(issue!.message, t)}`);
  }
  const base = wanted.toLowerCase().replace(/[^a-z0-9_-]+/g, '-').replace(/^[-_]+/, '') || 'app';
  let service = base;
  for (let n = 2; taken.has(service); n++) service = `${base}-${n}`;
  const { services, ...made } = parse(asCompose(input.data)).toJS() as { services: Record<string, Record<string, unknown>> } & Made;
  const [spec] = Object.values(services);
  // Compose names containers by itself; a name that somebody gave is kept.
  if (line.fields.name === undefined) delete spec!['container_name'];
  return { service, made: { ...made, services: { [service]: spec } }, left: line.unknown };
}

/** `ghcr.io/acme/web-app:2` → web-app */
const nameOf = (image: string) => (image.split('@')[0]!.split('/').at(-1)!.split(':')[0]!.replace(/[^a-zA-Z0-9_.-]/g, '') || 'app');

function parse(text: string): Document.Parsed {
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent' });
  if (document.errors.length || (document.contents !== null && !isMap(document.contents))) throw new AppError('invalid', (t) => t.stacks.errors.fault, { field: 'compose', detail: document.errors[0]?.message ?? '' });
  return document as Document.Parsed;
}

/** Quoted: of old, YAML reads `22:22` as a number and `no` as false. */
const shown = (value: unknown) => stringify(value, { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' });
const indented = (text: string, by: number) => text.replace(/^(?=.)/gm, ' '.repeat(by));

/** One entry more in a section, as text, so that comments and the way things are written stay. What is there already stays, too. */
function insert(text: string, section: Section, name: string, value: unknown): string {
  const document = parse(text);
  const pair = isMap(document.contents) ? (document.contents as YAMLMap).items.find((one) => isPair(one) && isScalar(one.key) && one.key.value === section) : undefined;
  const whole = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  if (!pair) return `${whole}${section}:\n${indented(shown({ [name]: value }), 2)}`;
  const map = pair.value;
  if (isMap(map) && map.has(name)) return text;
  const first = isMap(map) && !map.flow ? map.items[0] : undefined;
  const last = isMap(map) && !map.flow ? map.items.at(-1) : undefined;
  if (!first || !last || !isScalar(first.key) || !first.key.range) {
    // Empty, or written in one line: that section is written anew.
    if (isMap(map)) document.setIn([section, name], document.createNode(value));
    else document.set(section, document.createNode({ [name]: value }));
    const made = document.get(section);
    if (isMap(made)) made.flow = false;
    return document.toString({ lineWidth: 0 });
  }
  const at = first.key.range[0];
  const indent = at - (text.lastIndexOf('\n', at - 1) + 1);
  const end = ((last.value ?? last.key) as { range?: [number, number, number] | null }).range?.[1] ?? text.length;
  // After the line on which the last value ends.
  const lineEnd = text[end - 1] === '\n' ? end : (text.indexOf('\n', end) + 1 || text.length);
  const before = text.slice(0, lineEnd);
  return `${before}${before.endsWith('\n') ? '' : '\n'}${indented(shown({ [name]: value }), indent)}${text.slice(lineEnd)}`;
}
