import type { KeyView } from '../../core/registry/read.ts';
import { isWritableType, lineOf, typeName } from '../../core/registry/value.ts';
import type { RegistryValue } from '../../platform/registry.ts';
import { asks } from '../form/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { Menu } from '../parts/menu.tsx';
import { ActionsHead } from '../parts/table.tsx';
import type { Ui } from '../ui.ts';
import { placeHref } from './href.ts';

/** The values of the open key. */
export function Values({ ui, open }: { ui: Ui; open: KeyView }) {
  const t = ui.t.registry;
  const writes = ui.can('registry.write') && open.care !== 'read-only';
  if (open.values.length === 0) return <p class="soft small none-note">{t.noValues}</p>;
  return (
    <>
      <table class="table named-list reg-values">
        <caption class="vh">{t.values}</caption>
        <thead>
          <tr>
            <th scope="col">{t.name}</th>
            <th scope="col" class="mid">{t.type}</th>
            <th scope="col">{t.value}</th>
            <th scope="col" class="hi num">{t.size}</th>
            {writes ? <ActionsHead>{t.actions}</ActionsHead> : null}
          </tr>
        </thead>
        <tbody>
          {open.values.map((value, i) => <Row ui={ui} open={open} value={value} id={i} writes={writes} />)}
        </tbody>
      </table>
      {open.valuesTotal > open.values.length ? <p class="pager">{t.moreValues({ shown: ui.fmt.number(open.values.length), n: ui.fmt.number(open.valuesTotal) })}</p> : null}
    </>
  );
}

function Row({ ui, open, value, id, writes }: { ui: Ui; open: KeyView; value: RegistryValue; id: number; writes: boolean }) {
  const t = ui.t.registry;
  const name = value.name || t.standard;
  const place = (page: string) => placeHref(open, page, { name: value.name });
  return (
    <tr>
      <td class="truncate lead" title={name}>
        <a {...asks(place('/value/edit'))}>
          <b>{name}</b>
        </a>
        <small class="only-narrow soft">{typeName(value.type)}</small>
      </td>
      <td class="mid soft xs nowrap">{typeName(value.type)}</td>
      <td class="mono xs reg-value">{lineOf(value, 300)}</td>
      <td class="hi num soft xs nowrap">{ui.fmt.bytes(value.bytes.length)}</td>
      {writes ? (
        <td>
          <div class="acts">
            <Menu ui={ui} id={`v-${id}`} label={t.actionsOf({ name })} icon="more" iconOnly small>
              {isWritableType(typeName(value.type)) ? (
                <a {...asks(place('/value/edit'))}>
                  <Icon ui={ui} name="edit" />
                  {t.edit}…
                </a>
              ) : null}
              <a class="danger" {...asks(place('/value/remove'))}>
                <Icon ui={ui} name="trash" />
                {t.remove}…
              </a>
            </Menu>
          </div>
        </td>
      ) : null}
    </tr>
  );
}
