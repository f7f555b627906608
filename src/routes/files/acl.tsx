import { Hono, type Context } from 'hono';
import type { App } from '../../core/app.ts';
import { aclCommands, AclInput, effectiveOf, readAcl, writeAcl } from '../../core/files/acl/acl.ts';
import { attributesOf, setFlags } from '../../core/files/acl/flags.ts';
import { readAclForm } from '../../core/files/acl/form.ts';
import { entryPath } from '../../core/files/modes/protect.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { page } from '../../http/respond.tsx';
import { readSelection, type Selection } from '../../http/selection.ts';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { check } from '../../lib/issue.ts';
import { AclPage, type AclPageProps } from '../../views/files/modes/acl.tsx';
import { AttributesPage } from '../../views/files/modes/attributes.tsx';
import { done } from './done.ts';
import { chosen, fieldsOf } from './mode-form.ts';

type More = Pick<AclPageProps, 'errors' | 'commands' | 'effective'>;

/** The access list of what is selected; what stands in the way of showing one is said on the page. */
export async function aclPage(app: App, c: Context<Env>, selection: Selection, more: More = {}) {
  const ui = uiOf(c);
  const accounts = await app.host.files.accounts();
  const shared = { ui, selection, accounts, ...more };
  const status = Object.keys(more.errors ?? {}).length ? 422 : 200;
  if (selection.names.length !== 1) return page(c, <AclPage {...shared} reason={ui.t.acl.onlyOne} />, status);
  try {
    const state = await readAcl(app, actorOf(c), entryPath(app, selection.folder, selection.names[0]!));
    return page(c, <AclPage {...shared} state={state} />, status);
  } catch (error) {
    return page(c, <AclPage {...shared} reason={reasonOf(error, ui.t)} />, status);
  }
}

/** Nothing to show is no fault of the page; a refusal of rights is. */
function reasonOf(error: unknown, t: Parameters<AppError['say']>[0]): string {
  if (!(error instanceof AppError) || !['unsupported', 'unavailable', 'invalid'].includes(error.code)) throw error;
  return error.detail ? `${error.say(t)} ${error.detail}` : error.say(t);
}

/** Access lists and attributes of one entry. */
export function acl(app: App) {
  const r = new Hono<Env>();

  r.get('/files/acl', allow('files.read'), async (c) => aclPage(app, c, chosen(await readSelection(c))));

  r.post('/files/acl', allow('files.owner'), async (c) => {
    const ui = uiOf(c);
    const actor = actorOf(c);
    const selection = one(await readSelection(c));
    const path = entryPath(app, selection.folder, selection.names[0]!);
    const fields = await fieldsOf(c);
    try {
      if (fields.step === 'effective') {
        const account = (fields['effective-account'] ?? '').trim();
        return await aclPage(app, c, selection, { effective: { account, rights: await effectiveOf(app, actor, path, account) } });
      }
      const state = await readAcl(app, actor, path);
      if (!state.acl) throw new AppError('unsupported', (t) => t.acl.errors.none);
      const input = check(AclInput, readAclForm(state.kind, state.acl, fields));
      if (fields.step === 'commands') return await aclPage(app, c, selection, { commands: await aclCommands(app, actor, path, input) });
      await writeAcl(app, actor, path, input);
      return done(c, { folder: selection.folder, text: ui.t.acl.saved });
    } catch (error) {
      return aclPage(app, c, selection, { errors: { '': reasonOf(error, ui.t) } });
    }
  });

  const attributes = async (c: Context<Env>, selection: Selection, errors?: Record<string, string>) => {
    const ui = uiOf(c);
    const status = errors ? 422 : 200;
    if (selection.names.length !== 1) return page(c, <AttributesPage ui={ui} selection={selection} reason={ui.t.acl.onlyOne} />, status);
    const found = await attributesOf(app, actorOf(c), entryPath(app, selection.folder, selection.names[0]!));
    return page(c, <AttributesPage ui={ui} selection={selection} attributes={found} {...(errors ? { errors } : {})} />, status);
  };

  r.get('/files/attributes', allow('files.read'), async (c) => attributes(c, chosen(await readSelection(c))));

  r.post('/files/attributes', allow('files.owner'), async (c) => {
    const selection = one(await readSelection(c));
    const fields = await fieldsOf(c);
    const flags = { immutable: fields.immutable === 'on', appendOnly: fields.appendOnly === 'on' };
    try {
      await setFlags(app, actorOf(c), entryPath(app, selection.folder, selection.names[0]!), flags);
      return done(c, { folder: selection.folder, text: uiOf(c).t.acl.flagsSaved });
    } catch (error) {
      return attributes(c, selection, { '': reasonOf(error, uiOf(c).t) });
    }
  });

  return r;
}

function one(selection: Selection): Selection {
  if (chosen(selection).names.length !== 1) throw new AppError('invalid', (t) => t.acl.onlyOne);
  return selection;
}
