import { z } from 'zod';
import { actorLang, type Actor } from '../../core/app.ts';
import { AclInput, readAcl, writeAcl, type AclState } from '../../core/files/acl/acl.ts';
import { changeModes, type Outcome } from '../../core/files/modes/change.ts';
import { countChanges, emptyCount } from '../../core/files/modes/count.ts';
import { ModeInput, planOf } from '../../core/files/modes/plan.ts';
import { messages } from '../../i18n/languages.ts';
import { endpoint } from '../endpoint.ts';
import { means } from '../schemas.ts';

const Path = means(z.string().max(300_000), 'filePath');

const Which = {
  folder: means(z.string().max(300_000), 'fileFolder'),
  names: means(z.array(z.string().min(1).max(2000)).min(1).max(100_000), 'fileNames'),
};

const Counts = z.object({
  files: z.number().int(), folders: z.number().int(), links: z.number().int(), same: z.number().int(),
  skipped: z.number().int(), unknown: z.number().int(), state: z.enum(['counting', 'done', 'bounded']),
});

const Changed = z
  .object({
    task: means(z.string().nullable(), 'fileTask'),
    changed: z.number().int(),
    same: z.number().int(),
    failed: z.array(z.object({ name: z.string(), detail: z.string() })),
    preview: means(Counts.nullable(), 'fileDryRun'),
  })
  .meta({ id: 'FileModesChanged' });

const show = (actor: Actor, outcome: Outcome) =>
  outcome.task !== null
    ? { task: outcome.task, changed: 0, same: 0, failed: [], preview: null }
    : { ...outcome, failed: outcome.failed.map(({ name, say }) => ({ name, detail: say(messages(actorLang(actor))) })), preview: null };

const Entry = AclInput.shape.entries.unwrap();

const AclAnswer = z
  .object({
    kind: means(z.enum(['posix', 'ntfs']), 'aclKind'),
    isFolder: z.boolean(),
    acl: z.object({ owner: z.string(), group: z.string(), inherits: means(z.boolean(), 'aclInherits'), entries: z.array(Entry.extend({ flags: means(z.array(z.string()), 'aclFlags') })) }).nullable(),
  })
  .meta({ id: 'FileAcl' });

const showAcl = ({ kind, isFolder, acl }: AclState) => ({ kind, isFolder, acl: acl && { owner: acl.owner, group: acl.group, inherits: acl.inherits, entries: acl.entries } });

export const fileModes = [
  endpoint({
    id: 'files.mode', method: 'post', path: '/files/mode', permission: 'files.write', status: 200,
    body: z.strictObject({ ...Which, ...ModeInput.shape, preview: means(z.boolean().default(false), 'fileDryRun') }),
    response: Changed, refusals: ['not_found', 'unsupported', 'unavailable', 'conflict'],
    example: { body: { folder: '/srv/www', names: ['site'], mode: '755', fileMode: '644', recursive: true } },
    async run(app, actor, { body: { folder, names, preview, ...input } }) {
      if (!preview) return show(actor, await changeModes(app, actor, { folder, names }, input));
      const counted = await countChanges(app, actor, { folder, names }, await planOf(app, actor, input), emptyCount(), AbortSignal.timeout(60_000));
      return { task: null, changed: 0, same: 0, failed: [], preview: counted };
    },
  }),
  endpoint({
    id: 'files.owner', method: 'post', path: '/files/owner', permission: 'files.owner', status: 200,
    body: z.strictObject({ ...Which, owner: ModeInput.shape.owner, group: ModeInput.shape.group, recursive: ModeInput.shape.recursive }),
    response: Changed, refusals: ['not_found', 'unsupported', 'unavailable', 'conflict'],
    example: { body: { folder: '/srv/www', names: ['site'], owner: 'www-data', group: 'www-data', recursive: true } },
    run: async (app, actor, { body: { folder, names, ...input } }) => show(actor, await changeModes(app, actor, { folder, names }, { mode: '', fileMode: '', ...input })),
  }),
  endpoint({
    id: 'files.acl', method: 'get', path: '/files/acl', permission: 'files.read', status: 200,
    query: z.strictObject({ path: Path }), response: AclAnswer, refusals: ['not_found', 'unsupported', 'unavailable'],
    example: { query: 'path=/srv/www' },
    run: async (app, actor, { query }) => showAcl(await readAcl(app, actor, query.path)),
  }),
  endpoint({
    id: 'files.change_acl', method: 'put', path: '/files/acl', permission: 'files.owner', status: 200,
    query: z.strictObject({ path: Path }), body: z.strictObject(AclInput.shape), response: AclAnswer, refusals: ['not_found', 'unsupported', 'unavailable'],
    run: async (app, actor, { query, body }) => showAcl(await writeAcl(app, actor, query.path, body)),
  }),
];
