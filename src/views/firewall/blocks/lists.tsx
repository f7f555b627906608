import type { BlockListRow } from '../../../core/blocks/blocks.ts';
import { AskIcon } from '../../form/dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { ActionsHead } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';
import type { Ui } from '../../ui.ts';

export function ListsTable({ ui, lists, writes }: { ui: Ui; lists: readonly BlockListRow[]; writes: boolean }) {
  const t = ui.t.blocks;
  return (
    <table class="table">
      <caption class="vh">{t.lists}</caption>
      <thead>
        <tr>
          <th scope="col">{t.listName}</th>
          <th scope="col" class="num">{t.entries}</th>
          <th scope="col" class="mid">{t.until}</th>
          <th scope="col" class="lo">{t.changed}</th>
          <ActionsHead>{t.actions}</ActionsHead>
        </tr>
      </thead>
      <tbody>
        {lists.map((list) => (
          <Row ui={ui} list={list} writes={writes} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ ui, list, writes }: { ui: Ui; list: BlockListRow; writes: boolean }) {
  const t = ui.t.blocks;
  const href = `/firewall/blocks?list=${list.id}`;
  return (
    <tr data-href={href}>
      <td class="lead">
        <a href={href}>
          <b>{list.name}</b>
        </a>
      </td>
      <td class="num">{ui.fmt.number(list.entries)}</td>
      <td class="mid quiet nowrap">{list.until === null ? t.forGood : <Time ui={ui} at={list.until} />}</td>
      <td class="lo quiet nowrap">
        <Time ui={ui} at={list.changedAt} />
      </td>
      <td>
        <div class="acts">
          <a class="btn ghost only sm" href={`/firewall/blocks/lists/${list.id}/export`} download aria-label={`${t.export}: ${list.name}`} title={t.export}>
            <Icon ui={ui} name="download" />
          </a>
          {writes ? (
            <>
              <a class="btn ghost only sm" href={`/firewall/blocks/import?list=${list.id}`} aria-label={`${t.change} ${list.name}`} title={t.change}>
                <Icon ui={ui} name="edit" />
              </a>
              <AskIcon ui={ui} href={`/firewall/blocks/lists/${list.id}/remove`} icon="trash" label={t.removeList({ name: list.name })} />
            </>
          ) : null}
        </div>
      </td>
    </tr>
  );
}
