import { Layout } from '../layout.tsx';
import { Icon } from '../parts/icon.tsx';
import { Kv } from '../parts/kv.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';

export interface About {
  bun: string;
  sqlite: string;
  platform: string;
  source: string | null;
  /** Where the licence texts are, and what they are of ("hono 4.13.19"); null in a checkout. */
  licences: { href: string; works: readonly string[] } | null;
}

/** What the panel is made of, and under which terms. */
export function AboutPage({ ui, about }: { ui: Ui; about: About }) {
  const t = ui.t.about;
  const { source, licences } = about;
  return (
    <Layout ui={ui} title={t.title} styles={['css/reference.css']}>
      <PageHead title={t.title} facts={[t.lead]} />
      <div class="panes">
        <Section id="versions" title={t.versions} pane>
          <Kv rows={[[t.mantou, <b>{ui.version}</b>], [t.bun, about.bun], [t.sqlite, about.sqlite], [t.platform, about.platform]]} />
        </Section>
        <Section id="licence" title={t.licence} pane>
          <Kv
            rows={[
              [t.licence, t.mit],
              [t.source, source ? <a class="link" href={source} rel="noreferrer">{source}</a> : null],
            ]}
          />
        </Section>
      </div>
      <Section id="licences" title={t.licences} note={licences ? t.licencesNote : undefined}
        end={licences ? <a class="btn sm" href={licences.href}><Icon ui={ui} name="file-text" />{t.read}</a> : undefined}>
        {licences ? <ul class="small columns">{licences.works.map((work) => <li>{work}</li>)}</ul> : <p class="small muted">{t.licencesMissing}</p>}
      </Section>
    </Layout>
  );
}
