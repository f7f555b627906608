/** Downloads of files, and of folders and selections as archives. */
export const downloads = {
  download: 'Download',
  asTar: 'Download as tar',
  ended: 'The download was ended.',
  leftTitle: 'Not everything could be put into this archive:',
  leftMore: (p: { n: number }) => (p.n === 1 ? 'and 1 more' : `and ${p.n} more`),
  leftOwn: 'the panel’s own folder is left out',
  leftMadeUp: 'a file system that the kernel makes up is left out',
  leftChanged: 'changed while it was read; what is here is not whole',
};
