import { Icon } from '../parts/icon.tsx';
import type { Ui } from '../ui.ts';

/** Attributes of a link that shows the form of another page in the dialog of this one: what was asked for last. */
export const inDialog = (href: string, form: string) => ({ 'hx-get': href, 'hx-target': '#container-dialog', 'hx-swap': 'innerHTML', 'hx-select': `#${form}`, 'hx-sync': '#container-dialog:replace' });

interface ItemProps {
  ui: Ui;
  id: string;
}

/** What leads to a container being made anew. */
export function AnewItems({ ui, id }: ItemProps) {
  return (
    <>
      <a href={`/containers/${id}/edit`}>
        <Icon ui={ui} name="edit" />
        {ui.t.containerForm.editTitle}
      </a>
      <a href={`/containers/${id}/recreate`}>
        <Icon ui={ui} name="refresh" />
        {ui.t.containers.recreate.title}…
      </a>
    </>
  );
}

/** What takes a copy of it away. */
export function CopyItems({ ui, id }: ItemProps) {
  const t = ui.t.containerCommit;
  const href = `/containers/${id}/commit`;
  return (
    <>
      <a href={href} {...inDialog(href, 'change-form')}>
        <Icon ui={ui} name="image" />
        {t.item}
      </a>
      <a href={`/containers/${id}/export`} download>
        <Icon ui={ui} name="download" />
        {t.export}
      </a>
    </>
  );
}

export function RemoveItem({ ui, id }: ItemProps) {
  const href = `/containers/remove?ids=${id}`;
  return (
    <a class="danger" href={href} {...inDialog(href, 'remove-form')}>
      <Icon ui={ui} name="trash" />
      {ui.t.containers.does.remove}…
    </a>
  );
}
