import type { Ui } from '../ui.ts';

/** Every symbol in public/icons.svg; a test holds the two against each other. */
export const ICONS = [
  'alert',
  'archive',
  'arrow-down',
  'arrow-left',
  'arrow-up',
  'audit',
  'bell',
  'bolt',
  'cert',
  'check',
  'chevron',
  'chevron-down',
  'clipboard',
  'clock',
  'code',
  'container',
  'copy',
  'cpu',
  'dashboard',
  'database',
  'disk',
  'download',
  'edit',
  'external',
  'eye',
  'eye-off',
  'file',
  'file-code',
  'file-config',
  'file-image',
  'file-text',
  'file-zip',
  'filter',
  'folder',
  'git',
  'globe',
  'grid',
  'grip',
  'history',
  'image',
  'info',
  'key',
  'keyboard',
  'language',
  'link',
  'lock',
  'log',
  'mark',
  'memory',
  'menu',
  'minus',
  'monitor',
  'moon',
  'more',
  'network',
  'nodes',
  'passkey',
  'pause',
  'pin',
  'play',
  'plus',
  'power',
  'refresh',
  'restart',
  'rows',
  'scissors',
  'search',
  'server',
  'settings',
  'shield',
  'sign-out',
  'split',
  'stack',
  'star',
  'stop',
  'store',
  'sun',
  'tasks',
  'temperature',
  'terminal',
  'trash',
  'updown',
  'upload',
  'user',
  'users',
  'warning',
  'window',
  'windows',
  'x',
] as const;

export type IconName = (typeof ICONS)[number];

interface IconProps {
  ui: Ui;
  name: IconName;
  /** 16 px, or 20 (`lg`) in the top bar, or 32 (`xl`) above an empty state. */
  size?: 'lg' | 'xl';
  class?: string;
}

/** A drawing beside a word. It is never the only label, so screen readers skip it. */
export function Icon({ ui, name, size, class: extra }: IconProps) {
  return (
    <svg class={['icon', size, extra].filter(Boolean).join(' ')} aria-hidden="true">
      <use href={`${ui.asset('icons.svg')}#${name}`} />
    </svg>
  );
}
