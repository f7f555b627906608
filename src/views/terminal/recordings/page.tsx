import type { RecordingRow } from '../../../core/terminal/recordings/recordings.ts';
import { stamp } from '../../../lib/stamp.ts';
import { Layout } from '../../layout.tsx';
import { Banner } from '../../parts/banner.tsx';
import { ConfirmDialog, opens } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { JsonScript } from '../../parts/json-script.tsx';
import { Kv } from '../../parts/kv.tsx';
import { CrumbsHead } from '../../parts/page-head.tsx';
import { Section } from '../../parts/section.tsx';
import { Filter } from '../../parts/table.tsx';
import { DateTime } from '../../parts/time.tsx';
import type { Ui } from '../../ui.ts';
import { TERMINAL_IMPORTS } from '../imports.ts';
import { Hits, type HitsProps } from './hits.tsx';
import { Player } from './player.tsx';

/** Modules that js/terminal/player/main.js imports. */
export const PLAYER_MODULES: readonly string[] = [
  ...['player', 'screen', 'source', 'stamp'].map((name) => `js/terminal/player/${name}.js`),
  ...['bounds', 'style-nonce', 'prefs', 'scale', 'theme'].map((name) => `js/terminal/${name}.js`),
  'js/prefs.js',
  'vendor/xterm/xterm.mjs',
  ...['fit', 'unicode11'].map((name) => `vendor/xterm/addon-${name}.mjs`),
];

export interface RecordingPageProps {
  ui: Ui;
  row: RecordingRow;
  /** Second that the address asks for. */
  at: number;
  found: Omit<HitsProps, 'ui'> | null;
}

/** One recording: played in the page, searched, taken away or deleted. */
export function RecordingPage({ ui, row, at, found }: RecordingPageProps) {
  const t = ui.t.recordings;
  const href = `/terminal/recordings/${row.id}`;
  const note = t.stateNotes[row.state];
  const removable = ui.can('recordings.write') && row.state !== 'on';
  const { positionOf, play, pause, loading, seeking, failed, nothing } = t;
  return (
    <Layout ui={ui} title={row.title} styles={['vendor/xterm/xterm.css', 'css/terminal.css', 'css/player.css']} scripts={['js/terminal/player/main.js']} preload={PLAYER_MODULES} imports={TERMINAL_IMPORTS}>
      <CrumbsHead label={t.title} crumbs={[{ href: '/terminal', label: ui.t.terminal.title }, { href: '/terminal/recordings', label: t.title }]} title={<bdi>{row.title}</bdi>}>
        <a class="btn" href={`${href}/download`} download>
          <Icon ui={ui} name="download" />
          {t.download}
        </a>
        {removable ? (
          <button class="btn danger" type="button" {...opens('recording-remove')}>
            {t.remove}
          </button>
        ) : null}
      </CrumbsHead>
      {note ? <Banner ui={ui} {...(row.state === 'on' ? {} : { tone: 'warn' as const })} title={t.states[row.state]} text={note} /> : null}
      <Player ui={ui} src={href} at={at} />
      <Section id="recording-find" title={t.search} flush={found !== null}>
        <form class="play-find" method="get" action={href} role="search">
          <Filter ui={ui} label={t.search} {...(found ? { value: found.text } : {})} attrs={{ maxlength: '200' }} />
          <button class="btn" type="submit">
            {t.find}
          </button>
        </form>
        {found ? <Hits ui={ui} {...found} only={row.id} /> : null}
      </Section>
      <Facts ui={ui} row={row} />
      {removable ? (
        <ConfirmDialog ui={ui} id="recording-remove" title={t.removeAsk({ title: row.title })} text={t.removeText({ length: stamp(row.lengthMs / 1000), size: ui.fmt.bytes(row.bytes) })} action={`${href}/remove`} submit={t.removeSubmit} />
      ) : null}
      <JsonScript id="play-words" value={{ positionOf, play, pause, loading, seeking, failed, nothing }} />
    </Layout>
  );
}

function Facts({ ui, row }: { ui: Ui; row: RecordingRow }) {
  const t = ui.t.recordings;
  return (
    <Section id="recording-facts" title={t.player}>
      <Kv
        rows={[
          [t.when, <DateTime ui={ui} at={row.startedAt} />],
          [t.length, stamp(row.lengthMs / 1000)],
          [t.size, ui.fmt.bytes(row.bytes)],
          [t.by, row.openedBy],
          [t.startedBy, row.policy ? t.system : row.startedBy],
          [t.state, t.states[row.state]],
        ]}
      />
    </Section>
  );
}
