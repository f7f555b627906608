import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../core/app.ts';
import { archiveFolder } from '../core/files/downloads/archive.ts';
import { isSharedFolder, listShared, openFileIn, openSharedFile, openSharedFolder } from '../core/files/shares/confine.ts';
import { countDownload, findShare, isUsedUp, unlockShare, type Share } from '../core/files/shares/visit.ts';
import { baseOf } from '../core/files/paths.ts';
import { open } from '../http/allow.ts';
import { archiveResponse } from '../http/archive-response.ts';
import type { Env } from '../http/env.ts';
import { fileResponse } from '../http/file-response.ts';
import { readForm } from '../http/form.ts';
import { readQuery } from '../http/list.ts';
import { page } from '../http/respond.tsx';
import { hasProof, remember } from '../http/share-cookie.ts';
import { uiOf } from '../http/ui.ts';
import type { PinnedFile } from '../platform/files.ts';
import { AppError } from '../lib/errors.ts';
import { GonePage, SharedFilePage, SharedFolderPage, UnlockPage } from '../views/shared/page.tsx';

const Query = z.object({ in: z.string().max(100_000).default('') });
const UnlockForm = z.object({ password: z.string().max(1024) });

/** Links that lead nowhere show one page, whatever the reason; only the panel's own bugs and a full house say so. */
const isGone = (error: unknown) => error instanceof AppError && ['not_found', 'denied', 'invalid'].includes(error.code);

/**
 * What a share link leads to, for anybody who has it: its token is the right to it. Everything is read with the rights
 * that its maker has at that moment.
 */
export function shared(app: App) {
  const r = new Hono<Env>();

  const gone = (c: Context<Env>) => page(c, <GonePage ui={uiOf(c)} />, 404);

  const guarded = async (c: Context<Env>, work: (share: Share) => Response | Promise<Response>) => {
    try {
      return await work(findShare(app, c.req.param('token') ?? '', c.get('ip')));
    } catch (error) {
      if (isGone(error)) return gone(c);
      throw error;
    }
  };

  // A new password is another hash: what was proved with the old one does not count.
  const isOpen = (c: Context<Env>, share: Share) => share.passwordHash === null || hasProof(c, 'password', share.id, share.passwordHash);

  const unlockPage = (c: Context<Env>, share: Share, error?: string, status: 200 | 422 | 429 = 200) =>
    page(c, <UnlockPage ui={uiOf(c)} action={c.req.path} by={share.owner.name} error={error} />, status);

  r.get('/s/:token', open(), (c) =>
    guarded(c, async (share) => {
      if (isUsedUp(share)) return gone(c);
      if (!isOpen(c, share)) return unlockPage(c, share);
      const names = namesIn(readQuery(c, Query).in);
      const around = { ui: uiOf(c), base: `/s/${c.req.param('token')}`, share: { ...share, by: share.owner.name }, name: baseOf(app.host.files.kind, share.path) || share.path };
      if (await isSharedFolder(app, share.owner, share.path)) {
        const folder = await openSharedFolder(app, share.owner, share.path, names);
        const list = await listShared(folder).finally(() => folder.close());
        return page(c, <SharedFolderPage {...around} names={names} entries={list.entries} total={list.total} />);
      }
      const file = await openSharedFile(app, share.owner, share.path);
      await file.close();
      return page(c, <SharedFilePage {...around} size={file.stats.size} modified={file.stats.mtimeMs} />);
    }),
  );

  r.post('/s/:token', open(), (c) =>
    guarded(c, async (share) => {
      const { t } = uiOf(c);
      const form = await readForm(c, UnlockForm, t);
      const answer = await unlockShare(app, share, c.get('ip'), form.ok ? form.input.password : '');
      if (answer.kind === 'held') {
        c.header('retry-after', String(answer.seconds));
        return unlockPage(c, share, t.shares.page.held(answer), 429);
      }
      if (answer.kind === 'wrong') return unlockPage(c, share, t.shares.page.wrong, 422);
      return remember(c, c.redirect(c.req.path, 303), 'password', share.id, share.passwordHash ?? '');
    }),
  );

  /** Counts before the first byte; a download that this browser has begun within the hour goes on without being counted again. */
  const counted = async (c: Context<Env>, share: Share, held: { real: string; close(): Promise<void> }, answer: () => Response | Promise<Response>) => {
    const known = c.req.method === 'HEAD' || hasProof(c, 'download', share.id, held.real);
    try {
      if (!known) countDownload(app, share, c.get('ip'), held.real);
    } catch (error) {
      await held.close();
      throw error;
    }
    return known ? answer() : remember(c, await answer(), 'download', share.id, held.real);
  };

  r.get('/s/:token/download', open(), (c) =>
    guarded(c, async (share) => {
      if (!isOpen(c, share)) return c.redirect(`/s/${c.req.param('token')}`, 303);
      const names = namesIn(readQuery(c, Query).in);
      if (!(await isSharedFolder(app, share.owner, share.path))) {
        if (names.length) return gone(c);
        return send(c, share, await openSharedFile(app, share.owner, share.path), baseOf(app.host.files.kind, share.path));
      }
      return fromFolder(c, share, names);
    }),
  );

  const send = (c: Context<Env>, share: Share, file: PinnedFile, name: string) => counted(c, share, file, () => fileResponse(c, file, { name }));

  async function fromFolder(c: Context<Env>, share: Share, names: string[]): Promise<Response> {
    const last = names.at(-1);
    if (last !== undefined) {
      const parent = await openSharedFolder(app, share.owner, share.path, names.slice(0, -1));
      const file = await openFileIn(app, parent, last).catch(() => null).finally(() => parent.close());
      if (file) return send(c, share, file, last);
    }
    const folder = await openSharedFolder(app, share.owner, share.path, names);
    const input = { folder: folder.real, names: [], format: 'zip' as const, links: 'leave' as const, hidden: 'leave' as const };
    return counted(c, share, folder, async () => archiveResponse(c, await archiveFolder(app, share.owner, folder, input, uiOf(c).t, c.req.raw.signal), 'zip'));
  }

  return r;
}

/** "photos/2026" → its names. What the page does not show cannot be asked for either. @throws AppError not_found */
function namesIn(path: string): string[] {
  const names = path.split('/').filter(Boolean);
  if (names.some((name) => name.startsWith('.') || /[\\\0:]/.test(name))) throw new AppError('not_found', (t) => t.shares.page.gone);
  return names;
}
