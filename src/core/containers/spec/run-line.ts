import { parse, quote } from 'shell-quote';
import type { ContainerFields } from './input.ts';

/** Options of `docker run` with a value, and the field that takes it; several of one are lines of it. */
const VALUED: Record<string, keyof ContainerFields> = {
  '--name': 'name', '-e': 'env', '--env': 'env', '-p': 'ports', '--publish': 'ports', '-v': 'mounts', '--volume': 'mounts', '--network': 'network', '--net': 'network',
  '--restart': 'restart', '-m': 'memory', '--memory': 'memory', '--cpus': 'cpus', '-u': 'user', '--user': 'user', '-w': 'workingDir', '--workdir': 'workingDir',
  '-h': 'hostname', '--hostname': 'hostname', '-l': 'labels', '--label': 'labels', '--cap-add': 'capAdd', '--cap-drop': 'capDrop', '--device': 'devices',
  '--entrypoint': 'entrypoint', '--health-cmd': 'health', '--health-interval': 'healthInterval', '--health-retries': 'healthRetries', '--log-driver': 'logDriver', '--log-opt': 'logOptions',
};
/** Those without one. */
const TICKED: Record<string, keyof ContainerFields> = { '--privileged': 'privileged', '--read-only': 'readOnly', '--init': 'init', '-t': 'tty', '--tty': 'tty', '-i': 'tty', '--interactive': 'tty' };
/** Of the command line alone: a container of the panel always runs in the background, and stays. */
const WITHOUT_MEANING = new Set(['-d', '--detach', '--rm', '--pull', '--quiet', '-q']);
/** A letter of `-itd`. */
const LETTERS = /^-[itdqP]{2,}$/;

export interface RunLine {
  fields: Partial<ContainerFields>;
  /** Options that the form has no field for. */
  unknown: string[];
}

/** Takes a `docker run` line apart, also one over several lines with `\`. null when it is none. */
export function readRunLine(text: string): RunLine | null {
  const words = parse(text.replace(/\\\r?\n/g, ' ').replace(/^\s*(?:\$|#)\s+/, ''), (name) => `$${name}`).map((part) => (typeof part === 'string' ? part : 'pattern' in part ? part.pattern : ''));
  while (words[0] === 'sudo') words.shift();
  if (!/^(docker|podman|nerdctl)$/.test(words.shift() ?? '')) return null;
  if (words[0] === 'container') words.shift();
  if (!/^(run|create)$/.test(words.shift() ?? '')) return null;
  const fields: Partial<Record<keyof ContainerFields, string>> = {};
  const unknown: string[] = [];
  const add = (field: keyof ContainerFields, value: string) => {
    const list = ['env', 'ports', 'mounts', 'labels', 'devices', 'logOptions'].includes(field);
    const spaced = field === 'capAdd' || field === 'capDrop';
    fields[field] = (list || spaced) && fields[field] ? `${fields[field]}${list ? '\n' : ' '}${value}` : value;
  };
  while (words.length > 0 && words[0]!.startsWith('-')) {
    const word = words.shift()!;
    if (word === '--') break;
    const [, option = word, inline] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
    if (LETTERS.test(word)) for (const letter of word.slice(1)) TICKED[`-${letter}`] && add(TICKED[`-${letter}`]!, 'on');
    else if (option === '--gpus') add('gpus', (inline ?? words.shift()) ? 'on' : '');
    else if (option === '--mount') mount(inline ?? words.shift() ?? '', add, unknown);
    else if (TICKED[option]) add(TICKED[option], inline === 'false' ? '' : 'on');
    else if (WITHOUT_MEANING.has(option)) option === '--pull' && inline === undefined && words.shift();
    else if (VALUED[option]) add(VALUED[option], cleaned(option, inline ?? words.shift() ?? ''));
    else if (/^-[a-z].+/.test(word) && VALUED[word.slice(0, 2)]) add(VALUED[word.slice(0, 2)]!, word.slice(2));
    else {
      unknown.push(word);
      // What follows belongs to it, unless it is an option, or the image.
      if (inline === undefined && words[0] !== undefined && !words[0].startsWith('-') && words.length > 1) words.shift();
    }
  }
  const image = words.shift();
  if (!image) return null;
  return { fields: { ...fields, image, command: quote(words) }, unknown };
}

function cleaned(option: string, value: string): string {
  if (option === '--restart') return value.split(':')[0]!;
  return option === '--health-interval' ? value.replace(/s$/, '') : value;
}

/** `type=bind,source=/srv,target=/data,readonly`. */
function mount(text: string, add: (field: keyof ContainerFields, value: string) => void, unknown: string[]) {
  const parts = Object.fromEntries(text.split(',').map((part) => part.split('=') as [string, string | undefined]));
  const source = parts.source ?? parts.src;
  const target = parts.target ?? parts.destination ?? parts.dst;
  if (!source || !target || (parts.type !== undefined && !['bind', 'volume'].includes(parts.type))) return void unknown.push(`--mount ${text}`);
  add('mounts', `${source}:${target}${'readonly' in parts || 'ro' in parts ? ':ro' : ''}`);
}
