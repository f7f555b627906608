import type { Container } from '../../core/containers/container.ts';
import { Layout } from '../layout.tsx';
import { Dot } from '../parts/mark.tsx';
import { PageHead } from '../parts/page-head.tsx';
import type { Ui } from '../ui.ts';
import { dotOf, stateWord } from './words.tsx';

/** Asks before containers are removed: a page of its own, of which a dialog shows the form. */
export function RemoveContainersPage({ ui, containers }: { ui: Ui; containers: readonly Container[] }) {
  const t = ui.t.containers;
  const title = t.removeTitle({ n: containers.length });
  const running = containers.filter(({ state }) => ['running', 'paused', 'restarting'].includes(state)).length;
  return (
    <Layout ui={ui} title={title} styles={['css/containers.css']}>
      <PageHead title={title} />
      <div class="section">
        <form method="post" action="/containers/act" hx-post="/containers/act" hx-swap="none" id="remove-form">
          <h2 id="remove-h">{title}</h2>
          <ul class="rows slim">
            {containers.map((one) => (
              <li>
                <input type="hidden" name="ids" value={one.id} />
                <Dot state={dotOf(one)} />
                <span class="grow clip">{one.name}</span>
                <span class="quiet small">{stateWord(ui, one)}</span>
              </li>
            ))}
          </ul>
          <p>{t.removeText}</p>
          {running ? <p class="warn">{t.removeRunning({ n: running })}</p> : null}
          <div class="btns">
            <a class="btn" href="/containers" data-close>
              {t.keep}
            </a>
            <button class="btn danger primary" type="submit" name="action" value="remove">
              {t.does.remove}
            </button>
          </div>
        </form>
      </div>
    </Layout>
  );
}
