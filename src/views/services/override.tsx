import type { OverrideState } from '../../core/services/override.ts';
import type { VersionRow } from '../../core/files/versions/versions.ts';
import type { ServiceFile, UnitFault } from '../../platform/services.ts';
import { EDITOR_IMPORTS } from '../files/editor/imports.ts';
import { CORE_MODULES } from '../files/editor/modules.ts';
import { editorWords } from '../files/editor/words.ts';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { JsonScript } from '../parts/json-script.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import { Versions } from '../parts/versions.tsx';
import { Diff } from '../stacks/review.tsx';
import type { Ui } from '../ui.ts';
import { UnitText } from './inside.tsx';
import { servicePath } from './paths.ts';

export interface OverrideModel {
  override: OverrideState;
  /** As it is being edited. */
  text: string;
  /** The service's own file, to look at beside it. */
  base: ServiceFile | null;
  /** What was found, when it was asked for. */
  faults: readonly UnitFault[] | null;
  error: string | null;
  /** When the text is that of a version. */
  version: string | null;
}

const crumbs = (ui: Ui, name: string) => [{ href: '/services', label: ui.t.services.title }, { href: servicePath(name), label: name }];
const pathOf = (name: string) => `${servicePath(name)}/override`;

/** Own settings of a service. Works without JavaScript; with it the field is an editor. */
export function OverridePage({ ui, model }: { ui: Ui; model: OverrideModel }) {
  const t = ui.t.services.override;
  const { override, text, base, faults } = model;
  const fault = faults?.find(({ line }) => line !== null);
  return (
    <Layout ui={ui} title={`${t.title}: ${override.name}`} styles={['css/services.css', 'css/code.css', 'css/editor.css']} scripts={['js/services/override.js']} preload={CORE_MODULES} imports={EDITOR_IMPORTS}>
      <form method="post" action={pathOf(override.name)} id="override" autocomplete="off">
        <CrumbsHead label={ui.t.parts.pages} crumbs={crumbs(ui, override.name)} title={t.title}>
          <a class="btn" href={`${pathOf(override.name)}/versions`}>
            {t.versions}
          </a>
          <button class="btn" type="submit" name="do" value="check">
            {t.check}
          </button>
          <button class="btn primary" type="submit" name="do" value="review">
            {t.review}
          </button>
        </CrumbsHead>
        {model.version ? <Banner ui={ui} text={t.versionOf({ when: model.version })} /> : null}
        {model.error ? <Banner ui={ui} tone="danger" text={model.error} alert /> : null}
        {faults ? <Faults ui={ui} faults={faults} /> : null}
        <input type="hidden" name="hash" value={override.hash} />
        <div class="panes">
          <Section id="override-text" title={<code class="small">{override.path}</code>} note={override.text === null ? t.notThere : undefined} pane>
            <p class="small soft">{t.lead}</p>
            <div class="field override-field">
              <label for="text">{t.text}</label>
              {/* The first line break after the tag belongs to HTML, not to the text. */}
              <textarea class="input mono" id="text" name="text" rows={16} spellcheck={false} autocapitalize="none" wrap="off" placeholder={'[Service]\nRestart=always'} aria-invalid={fault ? 'true' : undefined} aria-describedby="text-keys" data-line={fault?.line ?? undefined} data-fault={fault?.text}>
                {`\n${text}`}
              </textarea>
              <p class="hint" id="text-keys" data-keys hidden>
                {t.keys}
              </p>
            </div>
          </Section>
          {base?.text ? (
            <Section id="override-base" title={t.base} note={<code>{base.path}</code>} pane>
              <UnitText label={base.path} text={base.text} />
            </Section>
          ) : null}
        </div>
      </form>
      <p class="vh" id="ed-hint">{ui.t.editor.leaveHint}</p>
      <JsonScript id="ed-words" value={editorWords(ui)} />
    </Layout>
  );
}

function Faults({ ui, faults }: { ui: Ui; faults: readonly UnitFault[] }) {
  const t = ui.t.services.override;
  if (faults.length === 0) return <Banner ui={ui} tone="ok" text={t.valid} />;
  return (
    <div class="banner unit-faults" data-tone="danger" role="alert">
      <div>
        <b>{t.invalid}</b>
        <ul>
          {faults.map(({ line, text }) => (
            <li>
              {line ? <b class="nowrap">{t.line({ line })} </b> : null}
              {text}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** What will change, before it does. The text travels on in the form. */
export function ReviewOverridePage({ ui, override, text, commands }: { ui: Ui; override: OverrideState; text: string; commands: readonly string[] }) {
  const t = ui.t.services.override;
  const removes = text.trim() === '';
  const same = removes ? override.text === null : text === override.text;
  return (
    <Layout ui={ui} title={t.reviewTitle} styles={['css/services.css', 'css/stacks.css', 'css/code.css']}>
      <form method="post" action={pathOf(override.name)} id="override-review">
        <CrumbsHead label={ui.t.parts.pages} crumbs={[...crumbs(ui, override.name), { href: pathOf(override.name), label: t.title }]} title={t.reviewTitle}>
          <button class="btn" type="submit" name="do" value="back">
            {t.back}
          </button>
          {same ? null : (
            <button class={removes ? 'btn danger primary' : 'btn primary'} type="submit" name="do" value="apply">
              {removes ? t.applyRemove : t.apply}
            </button>
          )}
        </CrumbsHead>
        <input type="hidden" name="text" value={text} />
        <input type="hidden" name="hash" value={override.hash} />
        {same ? <Banner ui={ui} text={t.noChange} /> : removes ? <Banner ui={ui} tone="warn" text={t.removes} /> : <Banner ui={ui} tone="ok" text={t.valid} />}
        {same ? null : (
          <>
            <Diff ui={ui} id="override-diff" file={override.path} before={override.text ?? ''} after={removes ? '' : text} />
            <Section id="override-commands" title={ui.t.services.commands}>
              <pre class="snippet">{commands.join('\n')}</pre>
            </Section>
          </>
        )}
      </form>
    </Layout>
  );
}

/** What they were before. One is opened in the editor, looked at as a change, and saved like any other. */
export function OverrideVersionsPage({ ui, override, versions, now }: { ui: Ui; override: OverrideState; versions: readonly VersionRow[]; now: string | null }) {
  const t = ui.t.services.override;
  const rows = versions.map(({ id, at, actor }) => ({ id, at, by: actor, state: actor ? 'saved' as const : 'found' as const }));
  return (
    <Layout ui={ui} title={`${t.versions}: ${override.name}`}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={[...crumbs(ui, override.name), { href: pathOf(override.name), label: t.title }]} title={t.versions} />
      <Versions ui={ui} t={t} came={t.state} versions={rows} states={t.states} now={now} href={(id) => `${pathOf(override.name)}?version=${id}`} />
    </Layout>
  );
}
