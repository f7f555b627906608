import type { Backup } from '../../core/volumes/backups/kept.ts';
import { asks, FormDialog } from '../form/dialog.tsx';
import { Layout } from '../layout.tsx';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { Menu } from '../parts/menu.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import { DateTime } from '../parts/time.tsx';
import { ActionsHead } from '../parts/table.tsx';
import type { Ui } from '../ui.ts';
import { backupHref, volumeHref } from './href.ts';

interface BackupsProps {
  ui: Ui;
  backups: readonly Backup[];
}

/** On the page of a volume: its backups. */
export function BackupsSection({ ui, backups }: BackupsProps) {
  const t = ui.t.volumeBackups;
  return (
    <Section id="backups" title={t.title} end={<a class="link small" href="/volumes/-/backups">{t.all}</a>} flush>
      {backups.length === 0 ? <p class="quiet none-note">{t.noneText}</p> : <BackupTable ui={ui} backups={backups} />}
    </Section>
  );
}

interface AllProps extends BackupsProps {
  /** Names of volumes that are there: the others can only be made anew. */
  volumes: ReadonlySet<string>;
  /** Folder of the panel. */
  place: string;
}

/** Every backup, those of volumes that are gone among them. */
export function AllBackupsPage({ ui, backups, volumes, place }: AllProps) {
  const t = ui.t.volumeBackups;
  const here = '/volumes/-/backups';
  return (
    <Layout ui={ui} title={t.allTitle} styles={['css/docker.css']} scripts={['js/containers/changes.js']} preload={['js/sse.js', 'js/connection.js']}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: '/volumes', label: ui.t.volumes.title }]} title={t.allTitle}>
        {ui.can('volumes.write') ? (
          <a class="btn primary" href={`${here}/import`}>
            <Icon ui={ui} name="plus" />
            {t.importIt}
          </a>
        ) : null}
      </CrumbsHead>
      <div id="all-backups" hx-get={here} hx-trigger="containers-changed from:body" hx-select="#all-backups" hx-swap="outerMorph">
        {backups.length === 0 ? (
          <Empty ui={ui} icon="archive" title={t.noneTitle} text={t.noneText} />
        ) : (
          <>
            <p class="small soft backups-place">{t.place({ path: place })}</p>
            <BackupTable ui={ui} backups={backups} volumes={volumes} />
          </>
        )}
      </div>
      <FormDialog />
    </Layout>
  );
}

function BackupTable({ ui, backups, volumes }: BackupsProps & { volumes?: ReadonlySet<string> }) {
  const t = ui.t.volumeBackups;
  return (
    <table class="table named-list">
      <caption class="vh">{t.title}</caption>
      <thead>
        <tr>
          {volumes ? <th scope="col">{t.of}</th> : null}
          <th scope="col">{t.when}</th>
          <th scope="col" class="num">{t.size}</th>
          <th scope="col" class="mid">{t.contents}</th>
          <th scope="col" class="mid">{t.consistency}</th>
          <th scope="col" class="lo">{t.sum}</th>
          <ActionsHead>{t.actions}</ActionsHead>
        </tr>
      </thead>
      <tbody>
        {backups.map((backup) => (
          <Row ui={ui} backup={backup} volumes={volumes} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ ui, backup, volumes }: { ui: Ui; backup: Backup; volumes?: ReadonlySet<string> | undefined }) {
  const t = ui.t.volumeBackups;
  const { facts, volume } = backup;
  return (
    <tr id={`backup-${backup.id}`}>
      {volumes ? <td class="truncate lead">{volumes.has(volume) ? <a href={volumeHref(volume)}>{volume}</a> : volume}</td> : null}
      <td class="nowrap">
        <DateTime ui={ui} at={backup.at} />
      </td>
      <td class="num">{ui.fmt.bytes(backup.size)}</td>
      <td class="mid soft nowrap">{facts ? t.contentsOf({ entries: ui.fmt.number(facts.entries), size: ui.fmt.bytes(facts.bytes) }) : t.unknown}</td>
      <td class="mid soft nowrap">{!facts ? t.unknown : facts.quiet ? t.quiets[facts.quiet] : t.fromFile({ name: facts.from ?? '' })}</td>
      <td class="lo">{facts ? <code class="xs" title={facts.sha256}>{facts.sha256.slice(0, 12)}</code> : null}</td>
      <td>{ui.can('volumes.write') ? <Actions ui={ui} backup={backup} /> : null}</td>
    </tr>
  );
}

function Actions({ ui, backup }: { ui: Ui; backup: Backup }) {
  const t = ui.t.volumeBackups;
  const href = backupHref(backup);
  return (
    <div class="acts">
      <Menu ui={ui} id={`b-${backup.id}`} label={t.actionsOf({ when: ui.fmt.dateTime(backup.at) })} icon="more" iconOnly small>
        <a {...asks(`${href}/restore`)}>
          <Icon ui={ui} name="history" />
          {t.restore}…
        </a>
        <a href={`${href}/download`} download>
          <Icon ui={ui} name="download" />
          {t.download}
        </a>
        <a class="danger" {...asks(`${href}/remove`)}>
          <Icon ui={ui} name="trash" />
          {t.remove}…
        </a>
      </Menu>
    </div>
  );
}
