import { basename } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
/** What a tool said is wrong with files. */
export interface ComposeFault {
  /** Its own words, without the run's temporary names. */
  message: string;
  /** The file it is about, and the line in it, as far as that can be told. */
  file: string | null;
  line: number | null;
}

/**
 * Reads what `config` says of files it does not take.
 *
 *     yaml.parser.ParserError: while parsing a block mapping            1.29 (PyYAML)
 *       in "/srv/shop/compose.yml", line 2, column 3
 *     expected <block end>, but found '<block mapping start>'
 *       in "/srv/shop/compose.yml", line 4, column 4
 *     The Compose file '/srv/shop/compose.yml' is invalid because:      1.29
 *     Unsupported config option for services.web: 'imge'
 *     yaml: line 1: did not find expected key                           2.x, whose parser counts lines of its own
 *     validating /srv/shop/compose.yml: services.web Additional property imge is not allowed
 *     error decoding 'services[web].mem_limit': invalid size: 'lots'
 *     env file /srv/shop/web.env not found: stat /srv/shop/web.env: no such file or directory
 *     failed to read /srv/shop/.env: line 3: unterminated quoted value "x
 *
 * @param texts file → what is in it, to find the line of a name
 */
export function readFault(output: string, texts: Readonly<Record<string, string>>): ComposeFault {
  const message = output.trim().split('\n').filter((line) => !/^(time="|WARNING: |WARN\[)/.test(line)).join('\n').slice(-4000);
  const files = Object.keys(texts).filter((file) => basename(file) !== '.env');
  // 2.x tells no file of what is no YAML.
  const broken = /^yaml: /m.test(message) ? files.map((file) => ({ file, line: brokenLine(texts[file]!) })).find(({ line }) => line !== null) : undefined;
  if (broken) return { message, ...broken };
  // Who asks for variables that are not there is a compose file.
  const missing = /env file/i.test(message) && !/failed to read/.test(message);
  const named = (missing ? files : Object.keys(texts)).find((file) => message.includes(file)) ?? null;
  const file = named ?? (files.length === 1 ? files[0]! : null);
  // Where it noticed is the last place it names; before that it says where the surrounding block began.
  const places = [...message.matchAll(/\bline (\d+)/g)];
  const line = places.length ? Number(places.at(-1)![1]) : file ? lineOfName(message, texts[file]!) : null;
  return { message, file, line };
}

/** Where a text stops being YAML; null: it does not. */
export function brokenLine(text: string): number | null {
  const lineCounter = new LineCounter();
  const [error] = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'silent', strict: true, uniqueKeys: true }).errors;
  if (!error) return null;
  // What ends too early is noticed after the last line.
  return Math.min(lineCounter.linePos(error.pos[0]).line, text.trimEnd().split('\n').length);
}

/** `services.web: 'imge'`, `services.web.ports contains`, `services.web Additional property imge`: the line of the last name of it. */
function lineOfName(message: string, text: string): number | null {
  const said = message.replace(/\b(services|volumes|networks|configs|secrets)\[([\w.-]+)\]/g, '$1.$2');
  const [, path, more] = /\b((?:services|volumes|networks|configs|secrets)\.[\w.-]+)(?:: '([^']+)'|\s+[Aa]dditional property (\S+))?/.exec(said) ?? [];
  const extra = more ?? /[Aa]dditional propert(?:y|ies) '?([\w-]+)/.exec(said)?.[1] ?? /^'([\w-]+)' does not match any/m.exec(said)?.[1];
  // "Service 'web' depends on service 'q' which is undefined", "service "web" refers to …"
  const service = /\bservice ["']([\w.-]+)["']/i.exec(said)?.[1];
  const names = path ? [...path.replace(/\.$/, '').split('.'), ...(extra ? [extra] : [])] : service ? ['services', service] : extra ? [extra] : [];
  const lines = text.split('\n');
  let at = -1;
  for (const name of names) {
    const next = lines.findIndex((line, i) => i > at && new RegExp(`^\\s*(?:- )?["']?${RegExp.escape(name)}["']?\\s*:`).test(line));
    // `environment.0` and the like name what no line begins with.
    if (next === -1) break;
    at = next;
  }
  if (at === -1) at = lineOfFile(said, lines);
  return at === -1 ? null : at + 1;
}

/** A file that is not there, by its last name. */
function lineOfFile(message: string, lines: readonly string[]): number {
  const missing = /([^/\\\s'":]+)['"]?(?: not found\b|: no such file|$)/im.exec(message)?.[1];
  return missing ? lines.findIndex((line) => line.includes(missing)) : -1;
}
