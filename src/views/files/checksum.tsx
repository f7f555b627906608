import { ALGORITHMS } from '../../core/files/checksums/checksums.ts';
import { CopyButton } from '../parts/copy.tsx';
import { Field } from '../parts/field.tsx';
import type { Ui } from '../ui.ts';
import { ActionPage } from './action-page.tsx';
import { encodePath, folderHref } from './href.ts';
import { label } from './label.ts';

const LABELS = { sha256: 'SHA-256', sha1: 'SHA-1', md5: 'MD5' } as const;

/** Fills while the file is read, and compares with what is pasted (public/js/files/checksum.js). */
export function ChecksumPage({ ui, folder, name, path }: { ui: Ui; folder: string; name: string; path: string }) {
  const t = ui.t.checksums;
  return (
    <ActionPage ui={ui} title={t.of({ name: label(name) })} folder={folder} wide scripts={['js/files/checksum.js']}>
      <div
        class="form"
        data-checksums={`/files/checksum/stream?path=${encodePath(path)}`}
        data-differs={t.differs}
        {...Object.fromEntries(ALGORITHMS.map((one) => [`data-matches-${one}`, t.matches({ algorithm: LABELS[one] })]))}
      >
        <div class="gauge small" data-gauge>
          <p role="status" data-status>{t.reading}</p>
          <progress max={1} aria-label={t.reading}></progress>
        </div>
        <noscript>{t.noScript}</noscript>
        {ALGORITHMS.map((one) => (
          <Field
            ui={ui}
            name={one}
            id={`checksum-${one}`}
            label={LABELS[one]}
            readonly
            mono
            attrs={{ 'data-select': true, 'data-algorithm': one }}
            end={<CopyButton ui={ui} from={`checksum-${one}`} />}
          />
        ))}
        <Field ui={ui} name="compare" label={t.compare} hint={t.compareHint} mono maxlength={200} attrs={{ 'data-compare': true }} />
        <p role="status" data-verdict hidden></p>
        <div class="btns">
          <a class="btn" href={folderHref(folder)} data-cancel>
            {ui.t.parts.close}
          </a>
        </div>
      </div>
    </ActionPage>
  );
}
