import { basename } from 'node:path';
import type { ComposeFault } from '../../core/stacks/fault.ts';
import { WAIT } from '../../core/stacks/wait.ts';
import { shownFile, type Stack } from '../../core/stacks/stack.ts';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import type { Ui } from '../ui.ts';

/** A file in the form: what is in it now, and what that is based on. */
export interface FormText {
  path: string;
  text: string;
  base: string;
}

export interface EditModel {
  stack: Stack;
  texts: readonly FormText[];
  seconds: number;
  /** What Validate found: services that would run and warnings, or what is wrong. */
  found: { services: string[]; warnings: string[] } | { fault: ComposeFault } | { error: string } | null;
  /** When the texts are those of a version. */
  version: string | null;
}

/** The files of a stack, to be changed: works without JavaScript, and is an editor with it (stacks/edit.js). */
export function EditStackPage({ ui, model }: { ui: Ui; model: EditModel }) {
  const { stack, texts, found, version } = model;
  const t = ui.t.stacks;
  const here = `/stacks/${stack.name}`;
  return (
    <Layout ui={ui} title={`${t.edit}: ${stack.name}`} styles={['css/stacks.css', 'css/code.css']} scripts={['js/stacks/edit.js']}>
      <form method="post" action={`${here}/edit`} id="stack-form">
        <CrumbsHead crumbs={[{ href: '/stacks', label: t.title }, { href: here, label: stack.name }]} title={t.edit} label={ui.t.parts.pages}>
          <button class="btn" type="submit" name="do" value="validate">
            {t.validate}
          </button>
          <button class="btn primary" type="submit" name="do" value="review">
            {t.review}
          </button>
        </CrumbsHead>
        {ui.engine?.far ? <Banner ui={ui} text={ui.t.endpoints.pathsNote({ name: ui.engine.name ?? '' })} /> : null}
        {version ? <Banner ui={ui} text={t.versionOf({ when: version })} /> : null}
        <Found ui={ui} found={found} texts={texts} />
        <input type="hidden" name="wait" value={String(model.seconds)} />
        {texts.map(({ path, text, base }, i) => (
          <TextField ui={ui} name={`text${i}`} label={shownFile(stack, path)} text={text} base={base} rows={basename(path) === '.env' ? 6 : 24} fault={found && 'fault' in found && found.fault.file === path ? found.fault : null} />
        ))}
      </form>
    </Layout>
  );
}

/** One file. The first line break after the tag belongs to HTML, not to the text. */
export function TextField({ ui, name, label, text, base, rows, fault, hint }: { ui: Ui; name: string; label: string; text: string; base?: string; rows: number; fault?: ComposeFault | null; hint?: string }) {
  return (
    <div class="field stack-text">
      <label for={name}>{label}</label>
      {base === undefined ? null : <input type="hidden" name={`base-${name}`} value={base} />}
      <textarea class="input mono" id={name} name={name} rows={rows} spellcheck={false} autocapitalize="none" autocomplete="off" wrap="off" aria-invalid={fault ? 'true' : undefined} aria-describedby={[fault && 'fault', hint && `${name}-hint`, `${name}-keys`].filter(Boolean).join(' ')} data-line={fault?.line ?? undefined}>
        {`\n${text}`}
      </textarea>
      <p class="hint" id={`${name}-keys`} data-keys hidden>
        {ui.t.stacks.keys}
      </p>
      {hint ? <p class="hint" id={`${name}-hint`}>{hint}</p> : null}
    </div>
  );
}

export function Found({ ui, found, texts }: { ui: Ui; found: EditModel['found']; texts: readonly Pick<FormText, 'path' | 'text'>[] }) {
  const t = ui.t.stacks;
  if (!found) return null;
  if ('error' in found) return <Banner ui={ui} tone="danger" text={found.error} alert />;
  if ('fault' in found) return <Fault ui={ui} fault={found.fault} texts={texts} />;
  return (
    <>
      <Banner ui={ui} tone="ok" title={t.valid} text={found.services.length ? t.runs({ services: found.services.join(', ') }) : ''} />
      {found.warnings.map((text) => (
        <Banner ui={ui} tone="warn" text={text} />
      ))}
    </>
  );
}

const AROUND = 3;

/** What the tool said, and the lines around the one that it means. */
function Fault({ ui, fault: { message, file, line }, texts }: { ui: Ui; fault: ComposeFault; texts: readonly Pick<FormText, 'path' | 'text'>[] }) {
  const t = ui.t.stacks;
  const lines = texts.find(({ path }) => path === file)?.text.split('\n') ?? [];
  const from = Math.max(0, (line ?? 1) - 1 - AROUND);
  return (
    <div class="stack-fault" id="fault">
      <Banner ui={ui} tone="danger" title={line && file ? t.faultLine({ file: basename(file), line }) : t.invalid} text={line && file ? t.invalid : ''} alert />
      <pre class="said">{message}</pre>
      {line && lines.length ? (
        <div class="code excerpt" tabindex={0} role="region" aria-label={t.invalid}>
          {lines.slice(from, line + AROUND).map((text, i) => (
            <span class={from + i + 1 === line ? 'ln at' : 'ln'} data-n={String(from + i + 1)}>{text || ' '}</span>
          ))}
        </div>
      ) : null}
    </div>
  );
}

/** Seconds that services may take, and what happens when they do not come up. */
export function WaitField({ ui, seconds, more = '' }: { ui: Ui; seconds: number; more?: string }) {
  const t = ui.t.stacks;
  return (
    <div class="field wait">
      <label for="wait">{t.wait}</label>
      <div class="affix">
        <input class="input" id="wait" type="number" name="wait" min={WAIT.least} max={WAIT.most} value={String(seconds)} required aria-describedby="wait-hint" />
        <span>{t.seconds}</span>
      </div>
      <p class="hint" id="wait-hint">{more ? `${more} ${t.gate}` : t.gate}</p>
    </div>
  );
}

