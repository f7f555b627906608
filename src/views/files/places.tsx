import type { Recent } from '../../core/files/recents.ts';
import { Icon } from '../parts/icon.tsx';
import { Menu } from '../parts/menu.tsx';
import type { Ui } from '../ui.ts';
import { folderHref, openHref } from './href.ts';
import { label } from './label.ts';

/** Where one goes often: starred folders, then what was opened lately. */
export function Places({ ui, favourites, recents }: { ui: Ui; favourites: readonly string[]; recents: readonly Recent[] }) {
  const t = ui.t.browse;
  return (
    <Menu ui={ui} id="places-menu" label={t.places} icon="star" small ghost>
      <h3>{t.favourites}</h3>
      {favourites.length === 0 ? <p class="menu-note">{t.noFavourites}</p> : null}
      {favourites.map((path) => (
        <a href={folderHref(path)} data-drop={path} title={label(path)}>
          <Icon ui={ui} name="folder" />
          <PlaceName path={path} />
        </a>
      ))}
      {recents.length ? <h3>{t.recent}</h3> : null}
      {recents.map(({ path, folder }) => (
        <a href={folder ? folderHref(path) : openHref(path)} title={label(path)}>
          <Icon ui={ui} name={folder ? 'folder' : 'file'} />
          <PlaceName path={path} />
        </a>
      ))}
    </Menu>
  );
}

/** Its name, and more quietly where it lies. */
function PlaceName({ path }: { path: string }) {
  const parts = label(path).split(/(?<=[\\/])/);
  const name = parts.at(-1) ?? path;
  const above = parts.slice(0, -1).join('').replace(/(.)[\\/]$/, '$1');
  return (
    <span class="clip">
      <bdi>{name}</bdi>
      {above ? (
        <small>
          <bdi>{above}</bdi>
        </small>
      ) : null}
    </span>
  );
}
