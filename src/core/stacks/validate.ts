import { unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../lib/errors.ts';
import type { App } from '../app.ts';
import { isFirst, runCompose, type ComposeFiles, type ComposeTool } from './compose.ts';
import { readFault, type ComposeFault } from './fault.ts';
import { besideOf } from './folder.ts';
import { canMirror, inMirror } from './mirror.ts';
import { isBomb, parseRendered, type Rendered } from './rendered.ts';
import { envFiles, type Stack } from './stack.ts';
import { TEXT_MOST } from './sizes.ts';
import { readTexts, writeNew, type StackText } from './texts.ts';

/** Files that Compose does not take: shown in the form, with the line. */
export class StackFault extends AppError {
  readonly fault: ComposeFault;
  constructor(fault: ComposeFault) {
    const { file, line, message } = fault;
    const where = file && basename(file);
    super('invalid', (t) => (where && line ? t.stacks.errors.faultAt({ file: where, line }) : t.stacks.errors.fault), { detail: message, field: where ?? '' });
    this.fault = fault;
  }
}

export interface Validated {
  rendered: Rendered;
  /** The same as the tool printed it, which it takes in place of the files: nothing is left to be filled in. */
  text: string;
  /** What the tool warned of: variables that are not set. */
  warnings: string[];
}

/** `config` reads files and asks nobody: what takes longer is stuck. */
const CONFIG_MS = 60_000;
const OUTPUT_MOST = 8 << 20;
/** The largest stack takes some tens of MB. Files of others, and what they include, may be made to take all there is. */
const MEMORY_MOST = 1 << 30;

type Place = Pick<Stack, 'name' | 'folder' | 'files' | 'env'>;

/**
 * What Compose makes of the files on the disk, or of these texts in their place, as if they were saved: they lie in a folder
 * of links to what stays. Where that cannot be made, those of the stack lie beside the real ones meanwhile, under hidden
 * names, and what they refer to is as it is.
 * @throws StackFault; AppError
 */
export async function validate(app: App, tool: ComposeTool, stack: Place, texts: readonly StackText[] | null): Promise<Validated> {
  if (!texts) return onDisk(app, tool, stack);
  for (const { path, text } of texts) if (text !== null) checkText(path, text, !stack.files.includes(path));
  const known = Object.fromEntries(texts.flatMap(({ path, text }) => (text === null ? [] : [[path, text]])));
  if (await canMirror(app, stack, texts)) {
    return inMirror(app, stack, texts, (mirror, placed) => config(app, tool, placed, known, [{ path: stack.folder!, part: mirror }]));
  }
  const env = envFiles(stack);
  const parts: { path: string; part: string }[] = [];
  try {
    for (const { path, text } of texts) {
      if (text === null || besideOf(stack, path) !== null) continue;
      const part = join(dirname(path), `.${basename(path)}.${app.random.id().slice(0, 8)}.check${env.includes(path) ? '' : '.yml'}`);
      parts.push({ path, part });
      await writeNew(part, text);
    }
    const partOf = new Map(parts.map(({ path, part }) => [path, part]));
    const tried = { ...stack, files: stack.files.map((file) => partOf.get(file) ?? file), env: env.some((file) => partOf.has(file)) ? env.map((file) => partOf.get(file) ?? file) : stack.env };
    return await config(app, tool, tried, known, parts);
  } finally {
    for (const { part } of parts) await unlink(part).catch(() => {});
  }
}

async function onDisk(app: App, tool: ComposeTool, stack: Place): Promise<Validated> {
  const texts = await readTexts(stack);
  for (const { path, text } of texts) if (text !== null) checkText(path, text, !stack.files.includes(path));
  return config(app, tool, stack, Object.fromEntries(texts.flatMap(({ path, text }) => (text === null ? [] : [[path, text]]))), []);
}

function checkText(path: string, text: string, other: boolean) {
  if (Buffer.byteLength(text) > TEXT_MOST) throw new StackFault({ message: `${basename(path)} > ${TEXT_MOST >> 20} MiB`, file: path, line: null });
  if (text.includes('\0')) throw new AppError('invalid', (t) => t.stacks.errors.noText({ name: basename(path) }), { field: basename(path) });
  if (!other && isBomb(text)) throw new AppError('invalid', (t) => t.stacks.errors.bomb, { field: basename(path) });
}

async function config(app: App, tool: ComposeTool, files: ComposeFiles, texts: Record<string, string>, parts: readonly { path: string; part: string }[]): Promise<Validated> {
  const verb = isFirst(tool) ? ['config'] : ['config', '--format', 'json'];
  const result = await runCompose(app, tool, files, verb, { timeout: CONFIG_MS, cap: OUTPUT_MOST, memory: MEMORY_MOST });
  const real = (text: string) => parts.reduce((said, { path, part }) => said.replaceAll(part, path).replaceAll(basename(part), basename(path)), text);
  const printed = real(result.stdout);
  if (result.ended) throw new AppError('unavailable', (t) => t.stacks.errors.slow, { retryAfter: 10 });
  // Python says MemoryError, Go "fatal error: runtime: cannot allocate memory".
  if (result.truncated || (result.code !== 0 && /cannot allocate memory|out of memory|MemoryError/i.test(result.stderr))) throw new AppError('invalid', (t) => t.stacks.errors.bomb);
  if (result.code !== 0) throw new StackFault(readFault(real(result.stderr || result.stdout), texts));
  return { rendered: parseRendered(printed, !isFirst(tool)), text: printed, warnings: warningsOf(real(result.stderr)) };
}

/** `WARNING: The X variable is not set. Defaulting to a blank string.` of 1.29, `level=warning msg="The \"X\" variable …"` of 2.x. */
export function warningsOf(stderr: string): string[] {
  const found = stderr.split('\n').flatMap((line) => /^WARNING: (.+)/.exec(line)?.[1] ?? (/level=warning msg="(.*)"/.exec(line)?.[1]?.replaceAll('\\"', '"') || /^(The .+ variable is not set\. .+)/.exec(line)?.[1]) ?? []);
  return [...new Set(found)].slice(0, 20);
}
