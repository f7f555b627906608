import { lineDiff } from '../../lib/line-diff.ts';
import { shownFile, type Stack } from '../../core/stacks/stack.ts';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { Icon } from '../parts/icon.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';
import { WaitField, type FormText } from './edit.tsx';

export interface ReviewModel {
  stack: Stack;
  /** As they will be, and what is on the disk; null: not there. */
  texts: readonly (FormText & { before: string | null })[];
  seconds: number;
  services: readonly string[];
  warnings: readonly string[];
}

/** What will change, before it does. The texts travel on in the form, so that nothing is kept of what is not done. */
export function ReviewStackPage({ ui, model }: { ui: Ui; model: ReviewModel }) {
  const { stack, texts } = model;
  const t = ui.t.stacks;
  const here = `/stacks/${stack.name}`;
  const changed = texts.filter(({ text, before }) => text !== (before ?? ''));
  return (
    <Layout ui={ui} title={`${t.diffTitle}: ${stack.name}`} styles={['css/stacks.css', 'css/code.css']}>
      <form method="post" action={`${here}/edit`} id="stack-review">
        <CrumbsHead crumbs={[{ href: '/stacks', label: t.title }, { href: here, label: stack.name }]} title={t.diffTitle} label={ui.t.parts.pages}>
          <button class="btn" type="submit" name="do" value="back" formnovalidate>
            {t.back}
          </button>
          {changed.length ? (
            <button class="btn" type="submit" name="do" value="save">
              {t.save}
            </button>
          ) : null}
          <button class="btn primary" type="submit" name="do" value="deploy">
            <Icon ui={ui} name="upload" />
            {t.deploy}
          </button>
        </CrumbsHead>
        {model.warnings.map((text) => (
          <Banner ui={ui} tone="warn" text={text} />
        ))}
        {changed.length === 0 ? <Banner ui={ui} text={t.diffNone} /> : null}
        {texts.map(({ text, base, beside }, i) => (
          <>
            {beside ? <input type="hidden" name={`file${i}`} value={beside} /> : null}
            <input type="hidden" name={`text${i}`} value={text} />
            <input type="hidden" name={`base-text${i}`} value={base} />
          </>
        ))}
        {changed.map((one, i) => (
          <Diff ui={ui} id={`diff-${i}`} file={shownFile(stack, one.path)} before={one.before ?? ''} after={one.text} />
        ))}
        <section class="section">
          <WaitField ui={ui} seconds={model.seconds} more={t.runs({ services: model.services.join(', ') })} />
        </section>
      </form>
    </Layout>
  );
}

const OPS = { same: undefined, added: '+', removed: '-' } as const;

/** What differs between two texts. */
export function Diff({ ui, id, file, before, after }: { ui: Ui; id: string; file: string; before: string; after: string }) {
  const t = ui.t.stacks;
  const lines = lineDiff(before, after);
  if (!lines) return <Banner ui={ui} text={`${file}: ${t.diffMuch}`} />;
  const count = (kind: string) => lines.filter((line) => line.kind === kind).length;
  return (
    <Section id={id} title={t.diffOf({ file, added: count('added'), removed: count('removed') })} flush>
      <div class="code diff" tabindex={0} role="region" aria-labelledby={`${id}-h`}>
        {lines.map(({ kind, text }) => (
          <span class="ln" data-op={OPS[kind]}>{text || ' '}</span>
        ))}
      </div>
    </Section>
  );
}
