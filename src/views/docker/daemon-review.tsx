import type { Daemon, DaemonPlan } from '../../core/docker/daemon/daemon.ts';
import type { DaemonVersion } from '../../core/docker/daemon/kept.ts';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { Option } from '../parts/option.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Versions } from '../parts/versions.tsx';
import { Diff } from '../stacks/review.tsx';
import type { Ui } from '../ui.ts';
import { SETTINGS } from './daemon.tsx';

const crumbs = (ui: Ui) => [{ href: '/docker', label: ui.t.docker.title }, { href: SETTINGS, label: ui.t.daemon.title }];

interface ReviewProps {
  ui: Ui;
  daemon: Daemon;
  text: string;
  plan: DaemonPlan;
}

/** What will change and what that does to containers, before it does. The text travels on in the form. */
export function ReviewDaemonPage({ ui, daemon, text, plan }: ReviewProps) {
  const t = ui.t.daemon;
  const same = text === (daemon.text ?? '');
  const { how } = plan;
  const said = how === 'restart' ? t.how.restart({ command: daemon.dockerd.service?.command ?? '' }) : t.how[how];
  const back = plan.ran.filter(({ starts }) => starts).length;
  const names = (list: DaemonPlan['ran']) => ui.fmt.list(list.map(({ name }) => name));
  const stops = plan.ran.filter(({ starts, removesItself }) => !starts && !removesItself);
  const gone = plan.ran.filter(({ starts, removesItself }) => !starts && removesItself);
  return (
    <Layout ui={ui} title={t.review} styles={['css/stacks.css', 'css/code.css', 'css/daemon.css']}>
      <form method="post" action={SETTINGS} id="daemon-review">
        <CrumbsHead label={ui.t.parts.pages} crumbs={crumbs(ui)} title={t.review}>
          <button class="btn" type="submit" name="do" value="back" formnovalidate>
            {t.back}
          </button>
          {same ? null : (
            <button class={how === 'restart' ? 'btn danger primary' : 'btn primary'} type="submit" name="do" value="apply">
              {t.apply}
            </button>
          )}
        </CrumbsHead>
        <input type="hidden" name="text" value={text} />
        <input type="hidden" name="hash" value={daemon.hash} />
        {same ? <Banner ui={ui} text={t.noChange} /> : <Banner ui={ui} tone={how === 'restart' || how === 'by-hand' ? 'warn' : 'ok'} text={said} />}
        {plan.unknown.length ? <Banner ui={ui} tone="warn" text={t.unknown({ keys: ui.fmt.list([...plan.unknown]) })} /> : null}
        {same ? null : <Diff ui={ui} id="daemon-diff" file={daemon.dockerd.path} before={daemon.text ?? ''} after={text} />}
        {how === 'restart' && !same ? (
          <section class="section" id="daemon-effect">
            <div class="form">
              {back ? <p>{t.restarts({ n: back })}</p> : null}
              {stops.length ? (
                <>
                  <p class="warn">{t.stops({ containers: names(stops) })}</p>
                  <Option name="startAgain" label={t.startAgain} checked />
                </>
              ) : null}
              {gone.length ? <p class="warn">{t.gone({ containers: names(gone) })}</p> : null}
              <p class="small soft">{t.gate}</p>
            </div>
          </section>
        ) : null}
      </form>
    </Layout>
  );
}

/** What the file was before. One is opened in the editor, looked at as a change, and applied like any other. */
export function DaemonVersionsPage({ ui, versions, now }: { ui: Ui; versions: readonly DaemonVersion[]; now: string | null }) {
  const t = ui.t.daemon;
  return (
    <Layout ui={ui} title={t.versions}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={crumbs(ui)} title={t.versions} />
      <Versions ui={ui} t={t} came={t.state} versions={versions} states={t.states} now={versions.find(({ text }) => text === now)?.id} href={(id) => `${SETTINGS}?version=${id}`} />
    </Layout>
  );
}
