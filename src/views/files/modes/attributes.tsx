import type { Attributes } from '../../../core/files/acl/flags.ts';
import type { Selection } from '../../../core/files/modes/protect.ts';
import { FormErrors } from '../../parts/form-errors.tsx';
import { Option } from '../../parts/option.tsx';
import type { Ui } from '../../ui.ts';
import { ActionPage, SelectionFields } from '../action-page.tsx';
import { folderHref } from '../href.ts';
import { SHEET_SCRIPTS, titleOf } from './sheet.tsx';
import { ModeTabs } from './tabs.tsx';

interface AttributesPageProps {
  ui: Ui;
  selection: Selection & { id?: string | undefined };
  attributes?: Attributes;
  reason?: string;
  errors?: Readonly<Record<string, string>>;
}

/** Flags of the file system, extended attributes and capabilities of one entry. */
export function AttributesPage({ ui, selection, attributes, reason, errors = {} }: AttributesPageProps) {
  const t = ui.t.acl;
  const own = ui.can('files.owner');
  const flags = attributes?.flags;
  return (
    <ActionPage ui={ui} title={titleOf(ui, selection)} folder={selection.folder} wide scripts={SHEET_SCRIPTS}>
      <ModeTabs ui={ui} selection={selection} current="attributes" />
      <form class="form modes" method="post" action="/files/attributes" hx-post="/files/attributes" hx-target="#action" hx-select="#action" hx-swap="outerHTML">
        <FormErrors ui={ui} errors={errors} />
        <SelectionFields selection={selection} />
        {reason ? <p>{reason}</p> : null}
        {attributes ? (
          <>
            <fieldset class="field" disabled={!own}>
              <legend class="label">{t.flags}</legend>
              {flags ? (
                <div class="choices">
                  <Option name="immutable" kind="switch" label={t.immutable} note={t.immutableNote} checked={flags.immutable} />
                  <Option name="appendOnly" kind="switch" label={t.appendOnly} note={t.appendOnlyNote} checked={flags.appendOnly} />
                </div>
              ) : (
                <p class="hint">{attributes.missing ? t.toolMissing({ tools: attributes.missing }) : t.noFlags}</p>
              )}
            </fieldset>
            <Extras ui={ui} attributes={attributes} />
          </>
        ) : null}
        <div class="btns">
          <a class="btn" href={folderHref(selection.folder)} data-cancel>
            {ui.t.parts.cancel}
          </a>
          {flags && own ? (
            <button class="btn primary" type="submit">
              {t.flagsSave}
            </button>
          ) : null}
        </div>
      </form>
    </ActionPage>
  );
}

function Extras({ ui, attributes: { extras, extrasMissing } }: { ui: Ui; attributes: Attributes }) {
  const t = ui.t.acl;
  if (!extras) return null;
  return (
    <>
      <h3>{t.xattrs}</h3>
      {extras.xattrs.length ? (
        <dl class="kv">
          {extras.xattrs.map(({ name, value }) => (
            <>
              <dt class="mono">{name}</dt>
              <dd class="mono mode-value">{value}</dd>
            </>
          ))}
        </dl>
      ) : (
        <p class="hint">{extrasMissing.includes('getfattr') ? t.toolMissing({ tools: 'getfattr' }) : t.noXattrs}</p>
      )}
      <h3>{t.capabilities}</h3>
      {extras.capabilities ? <p class="mono">{extras.capabilities}</p> : <p class="hint">{extrasMissing.includes('getcap') ? t.toolMissing({ tools: 'getcap' }) : t.noXattrs}</p>}
      {extras.capabilities ? <p class="hint">{t.capabilitiesNote}</p> : null}
    </>
  );
}
