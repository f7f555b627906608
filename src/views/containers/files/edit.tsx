import type { ContainerText } from '../../../core/containers/files/text.ts';
import { baseOf, parentOf } from '../../../core/files/paths.ts';
import { ENCODING_NAMES } from '../../../core/files/text/encodings.ts';
import { label } from '../../files/label.ts';
import { Layout } from '../../layout.tsx';
import { Banner } from '../../parts/banner.tsx';
import { JsonScript } from '../../parts/json-script.tsx';
import { editorWords } from '../../files/editor/words.ts';
import { Icon } from '../../parts/icon.tsx';
import { CrumbsHead } from '../../parts/page-head.tsx';
import { CORE_MODULES } from '../../files/editor/modules.ts';
import { EDITOR_IMPORTS } from '../../files/editor/imports.ts';
import type { Ui } from '../../ui.ts';
import { fileHref, filesHref } from './href.ts';

interface EditProps {
  ui: Ui;
  found: ContainerText;
  /** Typed, and not saved. */
  typed?: string;
  error?: string | null;
  saved?: boolean;
}

/** A text in a container: a form, which the page's script makes an editor of. */
export function ContainerEditPage({ ui, found, typed, error, saved }: EditProps) {
  const t = ui.t.containerFiles;
  const { place, path, fault, hindrance } = found;
  const name = label(baseOf('posix', path));
  const writable = fault === null && hindrance === null && found.state !== null;
  const crumbs = [{ href: '/containers', label: ui.t.containers.title }, { href: `/containers/${place.id}`, label: place.name }, { href: filesHref(place.id, parentOf('posix', path)), label: label(parentOf('posix', path)) }];
  return (
    <Layout ui={ui} title={t.editTitle({ name })} styles={['css/containers.css', 'css/container-files.css']} scripts={['js/containers/edit.js']} preload={CORE_MODULES} imports={EDITOR_IMPORTS}>
      <form method="post" action={`/containers/${place.id}/files/edit`} class="container-text" id="text-form">
        <CrumbsHead crumbs={crumbs} title={<bdi>{name}</bdi>} label={ui.t.parts.pages}>
          <a class="btn" href={fileHref(place.id, 'download', path)} download>
            <Icon ui={ui} name="download" />
            {t.download}
          </a>
          {writable ? (
            <button class="btn primary" type="submit">
              {t.save} <kbd class="desktop scripted" data-mod="S"></kbd>
            </button>
          ) : null}
        </CrumbsHead>
        {error ? <Banner ui={ui} tone="danger" text={error} alert /> : null}
        {saved ? <Banner ui={ui} tone="ok" text={t.saved} /> : null}
        {fault ? <Banner ui={ui} tone="warn" text={t[fault]} /> : null}
        {writable && found.lineEnd === 'mixed' ? <Banner ui={ui} tone="warn" text={t.mixed} /> : null}
        {hindrance ? <Banner ui={ui} icon="lock" text={t.hindrances[hindrance]} /> : null}
        <input type="hidden" name="path" value={path} />
        <input type="hidden" name="state" value={found.state ?? ''} />
        <input type="hidden" name="encoding" value={found.encoding} />
        <input type="hidden" name="bom" value={String(found.bom)} />
        <input type="hidden" name="lineEnd" value={found.lineEnd} />
        {fault === 'binary' ? null : (
          <textarea class="input mono" id="text" name="text" rows={24} spellcheck={false} autocapitalize="none" autocomplete="off" wrap="off" aria-label={t.text} readonly={!writable} data-name={baseOf('posix', path)}>
            {`\n${typed ?? found.text}`}
          </textarea>
        )}
        <p class="small muted gutter log-note">
          {ui.fmt.list([found.owner ? t.facts({ owner: found.owner, mode: `0${found.mode.toString(8)}`, encoding: ENCODING_NAMES[found.encoding] }) : ENCODING_NAMES[found.encoding], ui.fmt.bytes(found.size)])}
        </p>
      </form>
      <JsonScript id="ed-words" value={editorWords(ui)} />
    </Layout>
  );
}
