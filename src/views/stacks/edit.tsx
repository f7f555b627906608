import { basename } from 'node:path';
import type { ComposeFault } from '../../core/stacks/fault.ts';
import type { FolderEntry } from '../../core/stacks/folder.ts';
import type { FromRun } from '../../core/stacks/run-lines.ts';
import { WAIT } from '../../core/stacks/wait.ts';
import { shownFile, type Stack } from '../../core/stacks/stack.ts';
import { EDITOR_IMPORTS } from '../files/editor/imports.ts';
import { editorWords } from '../files/editor/words.ts';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { JsonScript } from '../parts/json-script.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import type { Ui } from '../ui.ts';
import { STACK_EDITOR_MODULES, stackWords } from './editor.ts';
import { StackTree, TreeDialogs } from './tree.tsx';

/** A file in the form: what is in it now, and what that is based on. */
export interface FormText {
  path: string;
  /** Its path in the folder, when it is none of those that make the stack. */
  beside: string | null;
  text: string;
  base: string;
}

export interface EditModel {
  stack: Stack;
  texts: readonly FormText[];
  folder: { entries: readonly FolderEntry[]; more: boolean };
  seconds: number;
  /** What Validate found: services that would run and warnings, what is wrong, or services that were made of commands. */
  found: { services: string[]; warnings: string[] } | { fault: ComposeFault } | { error: string } | { made: readonly FromRun[] } | null;
  /** When the texts are those of a version. */
  version: string | null;
  /** Path in the folder of what is shown first. */
  open: string | null;
  run?: string;
}

/** What the editor's pages are made of beside their form (stacks/edit.js). */
export const EDITOR = {
  styles: ['css/stacks.css', 'css/code.css', 'css/editor.css'], scripts: ['js/stacks/edit.js'], preload: STACK_EDITOR_MODULES, imports: EDITOR_IMPORTS,
} as const;

/** The files of a stack, to be changed: works without JavaScript, and is an editor with it (stacks/edit.js). */
export function EditStackPage({ ui, model }: { ui: Ui; model: EditModel }) {
  const { stack, texts, found, version } = model;
  const t = ui.t.stacks;
  const here = `/stacks/${stack.name}`;
  return (
    <Layout ui={ui} title={`${t.edit}: ${stack.name}`} {...EDITOR}>
      <form method="post" action={`${here}/edit`} id="stack-form" data-stack={here}>
        <CrumbsHead crumbs={[{ href: '/stacks', label: t.title }, { href: here, label: stack.name }]} title={t.edit} label={ui.t.parts.pages}>
          <button class="btn" type="submit" name="do" value="validate">
            {t.validate}
          </button>
          <button class="btn primary" type="submit" name="do" value="review" title={ui.t.stackFiles.saveKey}>
            {t.review} <kbd class="desktop" data-mod="S"></kbd>
          </button>
        </CrumbsHead>
        {ui.engine?.far ? <Banner ui={ui} text={ui.t.endpoints.pathsNote({ name: ui.engine.name ?? '' })} /> : null}
        {version ? <Banner ui={ui} text={t.versionOf({ when: version })} /> : null}
        <Found ui={ui} found={found} texts={texts} />
        <input type="hidden" name="wait" value={String(model.seconds)} />
        <div class="stack-editor">
          <StackTree ui={ui} stack={stack} folder={model.folder} />
          <div class="stack-texts" id="stack-texts">
            {texts.map(({ path, beside, text, base }, i) => (
              <TextField
                ui={ui} name={`text${i}`} label={shownFile(stack, path)} text={text} base={base} rows={basename(path) === '.env' ? 6 : 24} compose={stack.files.includes(path)}
                beside={beside} shown={model.open === null ? undefined : beside === model.open} fault={found && 'fault' in found && found.fault.file === path ? found.fault : null}
              />
            ))}
          </div>
        </div>
        <RunField ui={ui} value={model.run ?? ''} open={Boolean(found && 'error' in found && model.run)} />
      </form>
      <TreeDialogs ui={ui} stack={stack} />
      <EditorWords ui={ui} />
    </Layout>
  );
}

/** What the editor's scripts say. */
export function EditorWords({ ui }: { ui: Ui }) {
  return (
    <>
      <p class="vh" id="ed-hint">{ui.t.editor.leaveHint}</p>
      <JsonScript id="ed-words" value={editorWords(ui)} />
      <JsonScript id="stack-words" value={stackWords(ui)} />
    </>
  );
}

/** Commands that become services of the file. */
export function RunField({ ui, value, open }: { ui: Ui; value: string; open: boolean }) {
  const t = ui.t.stackFiles;
  return (
    <details class="stack-run" open={open}>
      <summary>{t.fromRun}</summary>
      <div class="field">
        <label for="run">{t.run}</label>
        <textarea class="input mono" id="run" name="run" rows={4} spellcheck={false} autocapitalize="none" autocomplete="off" placeholder="docker run -d --name web -p 8080:80 nginx:1.29" aria-describedby="run-hint">{`\n${value}`}</textarea>
        <p class="hint" id="run-hint">{t.runHint}</p>
      </div>
      <button class="btn" type="submit" name="do" value="convert" formnovalidate>
        {t.convert}
      </button>
    </details>
  );
}

interface TextProps {
  ui: Ui;
  name: string;
  label: string;
  text: string;
  base?: string;
  rows: number;
  fault?: ComposeFault | null;
  hint?: string;
  /** It is one that Compose reads: the editor knows what may stand in it. */
  compose?: boolean;
  beside?: string | null;
  shown?: boolean | undefined;
}

/** One file. The first line break after the tag belongs to HTML, not to the text. */
export function TextField({ ui, name, label, text, base, rows, fault, hint, compose, beside, shown }: TextProps) {
  return (
    <div class="field stack-text" data-label={label} data-compose={compose ? '' : undefined} data-beside={beside ?? undefined} data-shown={shown ? '' : undefined}>
      {beside ? <input type="hidden" name={name.replace('text', 'file')} value={beside} /> : null}
      <label for={name}>{label}</label>
      {base === undefined ? null : <input type="hidden" name={`base-${name}`} value={base} />}
      <textarea class="input mono" id={name} name={name} rows={rows} spellcheck={false} autocapitalize="none" autocomplete="off" wrap="off" aria-invalid={fault ? 'true' : undefined} aria-describedby={[fault && 'fault', hint && `${name}-hint`, `${name}-keys`].filter(Boolean).join(' ')} data-line={fault?.line ?? undefined} data-fault={fault?.message}>
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
  if ('made' in found) return <Made ui={ui} made={found.made} />;
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

/** Services that were made of commands, and what of those is in none. */
function Made({ ui, made }: { ui: Ui; made: readonly FromRun[] }) {
  const t = ui.t.stackFiles;
  return (
    <>
      <Banner ui={ui} tone="ok" text={t.converted({ services: made.map(({ service }) => service).join(', ') })} />
      {made.filter(({ left }) => left.length).map(({ service, left }) => (
        <Banner ui={ui} tone="warn" text={t.left({ service, options: left.join(', ') })} />
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

