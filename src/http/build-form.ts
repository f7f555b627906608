import { z } from 'zod';
import { BuildFolder, BuildGit, BuildInput } from '../core/images/build/input.ts';
import { say } from '../lib/issue.ts';

const ticked = z.literal('on').optional().transform((value) => value === 'on');
const argsRule = say('build.args', (t) => t.imageBuild.errors.args);
const words = (text: string) => text.split(/[\s,]+/).filter(Boolean);

const Args = z.string().max(256_000).default('').transform((text, ctx) => {
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  const parsed = BuildFolder.shape.args.safeParse(Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])));
  if (parsed.success && lines.every((line) => line.indexOf('=') > 0)) return parsed.data;
  ctx.addIssue({ code: 'custom', message: argsRule });
  return z.NEVER;
});

/** As a person fills it in: lists are lines, what belongs to the other source is not looked at. */
const shared = { tags: z.string().max(10_000).default('').transform(words).pipe(BuildFolder.shape.tags), args: Args, noCache: ticked, pull: ticked };

const Form = z.discriminatedUnion('source', [
  // The folder chooser calls it `to`.
  BuildFolder.omit({ path: true }).extend({ ...shared, to: BuildFolder.shape.path }).strip(),
  BuildGit.extend(shared).strip(),
]);

export const BuildForm = Form.transform((form): BuildInput => {
  if (form.source === 'git') return form;
  const { to, ...rest } = form;
  return { ...rest, path: to };
});
