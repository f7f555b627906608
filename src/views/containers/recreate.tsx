import type { planRecreation } from '../../core/containers/recreate/recreate.ts';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { Kv } from '../parts/kv.tsx';
import { Option } from '../parts/option.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';

type Plan = Awaited<ReturnType<typeof planRecreation>>;

/** Says what will happen before a container is made anew. */
export function RecreatePage({ ui, plan }: { ui: Ui; plan: Plan }) {
  const t = ui.t.containers;
  const { id, name, image, running, newest, registry, pulls, refusal, changes, fetching } = plan;
  const href = `/containers/${id}/recreate`;
  const short = (digest: string) => <code>{digest.replace(/^sha256:/, '').slice(0, 12)}</code>;
  const newer = registry?.state === 'newer' || newest === null;
  // Why a registry did not answer is told once and kept nowhere: a page that asks for itself anew would lose it.
  const live = registry?.state === 'unknown' ? {} : { 'hx-get': href, 'hx-trigger': 'containers-changed from:body', 'hx-select': '#recreate', 'hx-swap': 'outerMorph' };
  return (
    <Layout ui={ui} title={t.recreate.title} styles={['css/containers.css']} scripts={['js/containers/changes.js']} preload={['js/sse.js', 'js/connection.js']}>
      <CrumbsHead label={t.title} crumbs={[{ href: '/containers', label: t.title }, { href: `/containers/${id}`, label: name }]} title={t.recreate.title} />
      <div id="recreate" {...live}>
        {fetching ? (
          <Banner ui={ui} icon="download" text={t.recreate.fetching}>
            <a class="btn sm" href={`/tasks/${fetching}`}>{ui.t.containerUpdates.toTask}</a>
          </Banner>
        ) : null}
        <form method="post" action={href} class="section form">
          <p>{t.recreate.text}</p>
          <Kv
            rows={[
              [t.recreate.image, <code>{image}</code>],
              [t.recreate.runs, short(running)],
              [t.recreate.becomes, newest === null ? t.recreate.imageGone : newest === running ? t.recreate.same : short(newest)],
              [t.recreate.registry, registry === null ? '' : <RegistryHas ui={ui} registry={registry} />],
            ]}
          />
          {newest !== null && newest !== running && changes.length === 0 ? <p class="small muted">{t.recreate.nothing}</p> : null}
          {pulls ? <Option name="pull" kind="check" label={t.recreate.pull} checked={newer} /> : null}
          {refusal ? <p class="warn" role="alert">{refusal.say(ui.t)}</p> : null}
          <div class="btns">
            <a class="btn" href={`/containers/${id}`}>
              {ui.t.parts.cancel}
            </a>
            {registry && registry.state !== 'newer' && !fetching ? (
              <a class="btn" href={`${href}?ask=on`}>
                {t.recreate.ask}
              </a>
            ) : null}
            {registry?.state === 'newer' && !fetching ? (
              <button class="btn" formaction={`/containers/${id}/fetch`}>{t.recreate.fetch}</button>
            ) : null}
            <button class="btn primary" disabled={refusal !== null}>
              {t.recreate.title}
            </button>
          </div>
        </form>
        {changes.length ? <Changes ui={ui} changes={changes} /> : null}
      </div>
    </Layout>
  );
}

function RegistryHas({ ui, registry }: { ui: Ui; registry: NonNullable<Plan['registry']> }) {
  const t = ui.t.containers.recreate;
  if (registry.state !== 'unknown') return t.registryHas[registry.state];
  return (
    <>
      {t.registryAway}
      <p class="small soft">{registry.why.say(ui.t)}</p>
    </>
  );
}

function Changes({ ui, changes }: { ui: Ui; changes: Plan['changes'] }) {
  const t = ui.t.containers.recreate;
  return (
    <Section id="changes" title={t.changes} flush>
      <table class="table">
        <caption class="vh">{t.changes}</caption>
        <tbody>
          {changes.map(({ part, gone, come }) => (
            <>
              {gone.map((text) => (
                <tr data-op="del">
                  <th scope="row">{t.parts[part]}</th>
                  <td class="mono">{text}</td>
                </tr>
              ))}
              {come.map((text) => (
                <tr data-op="add">
                  <th scope="row">{t.parts[part]}</th>
                  <td class="mono">{text}</td>
                </tr>
              ))}
            </>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
