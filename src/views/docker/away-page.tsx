import type { EngineState } from '../../core/docker/engine.ts';
import { Layout } from '../layout.tsx';
import { PageHead } from '../parts/page-head.tsx';
import type { Ui } from '../ui.ts';
import { EngineAway, RETURNS } from './away.tsx';

/** In place of a page about something that an engine holds. */
export function EngineAwayPage({ ui, engine }: { ui: Ui; engine: Extract<EngineState, { up: false }> }) {
  const { title } = ui.t.containers;
  return (
    <Layout ui={ui} title={title} {...RETURNS}>
      <PageHead title={title} />
      <EngineAway ui={ui} engine={engine} />
    </Layout>
  );
}
