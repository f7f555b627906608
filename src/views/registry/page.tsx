import { mayRemove, nameOf, shortOf } from '../../core/registry/place.ts';
import type { KeyView } from '../../core/registry/read.ts';
import { SEARCH_IN } from '../../core/registry/search.ts';
import type { RegistryView } from '../../platform/registry.ts';
import { asks, FormDialog } from '../form/dialog.tsx';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { CopyButton } from '../parts/copy.tsx';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { Tag } from '../parts/mark.tsx';
import { Menu } from '../parts/menu.tsx';
import { Option } from '../parts/option.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import { Filter, Toolbar } from '../parts/table.tsx';
import { Seg } from '../parts/tabs.tsx';
import { DateTime } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import { placeHref } from './href.ts';
import { Tree } from './tree.tsx';
import { Values } from './values.tsx';

interface RegistryProps {
  ui: Ui;
  roots: readonly string[];
  view: RegistryView;
  open: KeyView | null;
  q: string;
}

const STYLES = ['css/registry.css'];
const SCRIPT = 'js/registry.js';

/** The registry: the tree at one side, what is in the open key at the other. */
export function RegistryPage({ ui, roots, view, open, q }: RegistryProps) {
  const t = ui.t.registry;
  return (
    <Layout ui={ui} title={open ? nameOf(open.path) : t.title} styles={STYLES} scripts={[SCRIPT]}>
      <div id="registry" hx-get={ui.here ?? '/registry'} hx-trigger="form-done from:body" hx-select="#registry" hx-swap="outerMorph" class="reg">
        <PageHead title={t.title} middle={open ? <Views ui={ui} open={open} /> : undefined}>
          <a class="btn" href="/registry/changes" aria-label={t.changes}>
            <Icon ui={ui} name="history" />
            <span class="desktop">{t.changes}</span>
          </a>
          {ui.can('registry.write') ? (
            <a class="btn" href="/registry/import" aria-label={t.import}>
              <Icon ui={ui} name="upload" />
              <span class="desktop">{t.import}</span>
            </a>
          ) : null}
        </PageHead>
        <Toolbar>
          <form method="get" action="/registry" class="row grow reg-path">
            <input class="input mono" name="key" value={open ? shortOf(open.path) : ''} placeholder="HKLM\SOFTWARE" aria-label={t.path} autocomplete="off" autocapitalize="none" spellcheck={false} />
            {view === 32 ? <input type="hidden" name="view" value="32" /> : null}
            <button class="btn" type="submit">{t.go}</button>
            {open ? <CopyButton ui={ui} text={open.path} /> : null}
          </form>
        </Toolbar>
        {open ? <Notes ui={ui} open={open} /> : null}
        <div class="reg-split">
          <nav class="reg-side" aria-label={t.tree}>
            {open ? (
              <form method="get" action="/registry" role="search" class="row reg-filter">
                <input type="hidden" name="key" value={open.path} />
                {view === 32 ? <input type="hidden" name="view" value="32" /> : null}
                <Filter ui={ui} label={t.filter} value={q} />
              </form>
            ) : null}
            <Tree ui={ui} roots={roots} view={view} open={open} q={q} />
          </nav>
          <div class="reg-main">{open ? <Open ui={ui} open={open} /> : <Start ui={ui} />}</div>
        </div>
      </div>
      <FormDialog />
    </Layout>
  );
}

function Views({ ui, open }: { ui: Ui; open: KeyView }) {
  const t = ui.t.registry;
  return <Seg ui={ui} label={t.view} tabs={([64, 32] as const).map((view) => ({ href: placeHref({ ...open, view }), label: t.bits({ n: view }), current: open.view === view }))} />;
}

function Notes({ ui, open }: { ui: Ui; open: KeyView }) {
  const t = ui.t.registry;
  return (
    <>
      {open.care === 'read-only' ? <Banner ui={ui} tone="warn" icon="lock" text={t.readOnly({ path: open.path })} /> : null}
      {open.care === 'delicate' ? <Banner ui={ui} tone="warn" text={t.delicate} /> : null}
      {open.path.startsWith('HKEY_CURRENT_USER') ? <Banner ui={ui} text={t.ownUser} /> : null}
    </>
  );
}

function Start({ ui }: { ui: Ui }) {
  return <Empty ui={ui} icon="windows" title={ui.t.registry.title} text={ui.t.registry.startText} />;
}

function Open({ ui, open }: { ui: Ui; open: KeyView }) {
  const t = ui.t.registry;
  const writes = ui.can('registry.write') && open.care !== 'read-only';
  return (
    <>
      <Section
        id="values" title={nameOf(open.path)} flush
        note={<>
          {open.care ? <Tag ui={ui} tone="warn" icon={open.care === 'read-only' ? 'lock' : 'warning'}>{open.care === 'read-only' ? t.readOnlyTag : t.delicateTag}</Tag> : null}
          {open.writtenAt === null ? null : <> {t.written} <DateTime ui={ui} at={open.writtenAt} /></>}
        </>}
        end={<div class="btns tight">
          {writes ? <a class="btn sm" {...asks(placeHref(open, '/value/new'))}><Icon ui={ui} name="plus" />{t.newValue}</a> : null}
          <Menu ui={ui} id="key-menu" label={t.actionsOf({ name: nameOf(open.path) })} icon="more" iconOnly small>
            {writes ? <a {...asks(placeHref(open, '/key/new'))}><Icon ui={ui} name="folder" />{t.newKey}…</a> : null}
            <a href={placeHref(open, '/export')} download><Icon ui={ui} name="download" />{t.export}</a>
            {writes && mayRemove(open.path) ? <a {...asks(placeHref(open, '/key/rename'))}><Icon ui={ui} name="edit" />{t.rename}…</a> : null}
            {writes && mayRemove(open.path) ? <a class="danger" {...asks(placeHref(open, '/key/remove'))}><Icon ui={ui} name="trash" />{t.remove}…</a> : null}
          </Menu>
        </div>}
      >
        <Values ui={ui} open={open} />
      </Section>
      <Section id="search" title={t.search} note={t.searchHint}>
        <form method="get" action="/registry/search" class="reg-search" role="search">
          <input type="hidden" name="key" value={open.path} />
          {open.view === 32 ? <input type="hidden" name="view" value="32" /> : null}
          <div class="row">
            <input class="input grow" type="search" name="q" required maxlength={200} aria-label={t.search} autocomplete="off" />
            <button class="btn" type="submit"><Icon ui={ui} name="search" />{t.search}</button>
          </div>
          <div class="reg-where">{SEARCH_IN.map((name) => <Option name={name} label={t.searchIn[name]} checked />)}</div>
        </form>
      </Section>
    </>
  );
}

/** No Windows: said, with the way on. */
export function NoRegistryPage({ ui, text }: { ui: Ui; text: string }) {
  const t = ui.t.registry;
  return (
    <Layout ui={ui} title={t.title}>
      <Empty ui={ui} icon="windows" level={1} title={t.noneTitle} text={text}>
        <a class="btn" href="/files">{t.toFiles}</a>
      </Empty>
    </Layout>
  );
}
