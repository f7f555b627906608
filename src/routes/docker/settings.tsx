import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { aboutEngine } from '../../core/docker/about.ts';
import type { App } from '../../core/app.ts';
import { configureDaemon, DaemonFault } from '../../core/docker/daemon/apply.ts';
import { DaemonText, needDaemon, planDaemon, readDaemon, type Daemon } from '../../core/docker/daemon/daemon.ts';
import { checkDocument, type Fault } from '../../core/docker/daemon/document.ts';
import { FIELDS, formOf, withForm, type DaemonForm } from '../../core/docker/daemon/form.ts';
import { DaemonVersionId, listDaemonVersions, readDaemonBegun, readDaemonVersion } from '../../core/docker/daemon/kept.ts';
import { AppError } from '../../lib/errors.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { readFields } from '../../http/form.ts';
import { answerJson } from '../../http/json.ts';
import { accept, readQuery } from '../../http/list.ts';
import { patient } from '../../http/patient.ts';
import { go, page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { actorText } from '../../views/parts/actor.ts';
import { DaemonAwayPage, DaemonPage, faultText, SETTINGS } from '../../views/docker/daemon.tsx';
import { DaemonVersionsPage, ReviewDaemonPage } from '../../views/docker/daemon-review.tsx';

const FieldValue = z.string().max(20_000);
const Fields = z.partialRecord(z.enum(FIELDS), FieldValue);
const Query = z.object({ version: DaemonVersionId.optional() });
const Edit = z.object({
  do: z.enum(['fill', 'check', 'review', 'apply', 'back']), text: DaemonText, hash: z.string().max(64), shown: z.string().max(100_000).default('{}'),
  startAgain: z.literal('on').optional(),
});
const Sync = z.strictObject({ text: DaemonText, fields: Fields });

/** What browsers send has CRLF in it (HTML, "newline normalization"); a file that has it too keeps it. */
const linesLike = (text: string, before: string | null) => (before?.includes('\r\n') ? text.replace(/\r?\n/g, '\r\n') : text.replaceAll('\r\n', '\n'));

interface Found {
  faults: readonly Fault[];
  unknown: readonly string[];
  said: boolean;
}

/** The settings of the engine: daemon.json. */
export function engineSettings(app: App) {
  const r = new Hono<Env>();

  const show = async (c: Context<Env>, daemon: Daemon, text: string, more: { found?: Found; error?: string; version?: string } = {}, status: 200 | 409 | 422 = 200) => {
    const ui = uiOf(c);
    // An engine that is down is what somebody may have come for.
    const [root, begun] = await Promise.all([aboutEngine(app, actorOf(c)).then((about) => about.root, () => ''), readDaemonBegun(app)]);
    const model = {
      daemon, text, form: formOf(text), root, found: more.found ?? null, error: more.error ?? null, version: more.version ?? null,
      begun: begun && { by: actorText(ui.t, begun.by), when: ui.fmt.dateTime(begun.at) }, demo: app.config.demo,
    };
    return page(c, <DaemonPage ui={ui} model={model} />, status);
  };

  r.get(SETTINGS, allow('containers.admin'), async (c) => {
    const ui = uiOf(c);
    const { version: id } = readQuery(c, Query);
    const daemon = await readDaemon(app, actorOf(c));
    if (typeof daemon === 'string') return page(c, <DaemonAwayPage ui={ui} why={daemon} />);
    const version = id ? await readDaemonVersion(app, id) : null;
    if (id && !version) throw new AppError('not_found', (t) => t.daemon.noVersion);
    return show(c, daemon, version ? (version.text ?? '') : (daemon.text ?? ''), version ? { version: ui.fmt.dateTime(version.at) } : {});
  });

  r.get(`${SETTINGS}/versions`, allow('containers.admin'), async (c) => {
    const daemon = await needDaemon(app, actorOf(c));
    return page(c, <DaemonVersionsPage ui={uiOf(c)} versions={await listDaemonVersions(app)} now={daemon.text} />);
  });

  // The page asks while somebody types: what the form makes of the text, and the text of the form.
  r.post(`${SETTINGS}/sync`, allow('containers.admin'), (c) =>
    answerJson(c, Sync, async ({ text, fields }) => {
      const daemon = await needDaemon(app, actorOf(c));
      const edited = withForm(text, fields as Partial<DaemonForm>);
      const { faults, unknown } = checkDocument(edited, daemon.dockerd.flags);
      const ui = uiOf(c);
      return { text: edited, form: formOf(edited), faults: faults.map((fault) => ({ line: fault.line, text: faultText(ui, fault) })), unknown: unknown.length ? ui.t.daemon.unknown({ keys: ui.fmt.list(unknown) }) : '' };
    }),
  );

  r.post(SETTINGS, allow('containers.admin'), async (c) => {
    const ui = uiOf(c);
    const actor = actorOf(c);
    const daemon = await needDaemon(app, actor);
    const fields = await readFields(c);
    const input = accept(Edit, fields, 'body');
    const text = merged(linesLike(input.text, daemon.text), fields, input.shown);
    if (input.do === 'fill' || input.do === 'back') return show(c, daemon, text);
    patient(c);
    try {
      if (daemon.hash !== input.hash) throw new AppError('conflict', (t) => t.daemon.changedMeanwhile);
      if (input.do === 'apply') {
        const task = await configureDaemon(app, actor, { text, hash: input.hash, startAgain: input.startAgain === 'on' });
        return go(c, task ? `/tasks/${task}` : SETTINGS);
      }
      const plan = await planDaemon(app, actor, daemon, text);
      const found = { faults: plan.faults, unknown: plan.unknown, said: false };
      if (plan.faults.length) return await show(c, daemon, text, { found }, 422);
      return input.do === 'check' ? await show(c, daemon, text, { found }) : page(c, <ReviewDaemonPage ui={ui} daemon={daemon} text={text} plan={plan} />);
    } catch (error) {
      if (error instanceof DaemonFault) return show(c, daemon, text, { found: { faults: error.faults, unknown: [], said: false } }, 422);
      if (!(error instanceof AppError) || !['invalid', 'conflict'].includes(error.code)) throw error;
      return show(c, daemon, text, { error: error.say(ui.t) }, error.code === 'conflict' ? 409 : 422);
    }
  });

  return r;
}

/** The text, with what the form says otherwise than it did when it was shown. */
function merged(text: string, fields: Record<string, string>, shown: string): string {
  let before: Record<string, unknown> = {};
  try {
    before = z.record(z.string(), z.unknown()).parse(JSON.parse(shown));
  } catch {
    // A page of its own making: then the text alone counts.
    return text;
  }
  const changed = FIELDS.filter((name) => fields[name] !== undefined && typeof before[name] === 'string' && fields[name].replaceAll('\r\n', '\n') !== before[name]);
  return withForm(text, Object.fromEntries(changed.map((name) => [name, fields[name]!.slice(0, 20_000)])));
}
