import { JsonScript } from '../parts/json-script.tsx';
import type { Ui } from '../ui.ts';

/** Entry module, style and import of uploads; the page of folders loads them. */
export const UPLOAD_SCRIPT = 'js/files/upload/main.js';
export const UPLOAD_STYLE = 'css/upload.css';
export const UPLOAD_IMPORTS = { 'tus-js-client': 'vendor/tus.min.js' };

/** The texts that the scripts of uploads show; without them (who may not write) they do nothing. */
export function UploadText({ ui }: { ui: Ui }) {
  if (!ui.can('files.write')) return null;
  const { tray, note, seconds, minutes, hours, rate, conflict, wrongFile, drop } = ui.t.uploads;
  return <JsonScript id="upload-text" value={{ tray, note, seconds, minutes, hours, rate, conflict, wrongFile, drop }} />;
}
