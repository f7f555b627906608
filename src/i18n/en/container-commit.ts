/** A container as an image, and as a tar. */
export const containerCommit = {
  item: 'Make an image…',
  title: (p: { name: string }) => `Make an image of ${p.name}`,
  text: 'The image holds the files of the container as they are now, without its volumes, and starts as it does. Secrets that lie in its files or its environment are in the image, too.',
  reference: 'Name of the image',
  referenceHint: 'Such as acme/shop:before-upgrade; without a tag it is latest.',
  author: 'Author',
  message: 'Message',
  pause: 'Pause the container meanwhile',
  pauseNote: 'Otherwise files may change while they are copied.',
  replace: 'Take the name from another image',
  submit: 'Make image',
  taken: (p: { reference: string }) => `There is an image ${p.reference} already. Tick the box below to take the name from it.`,
  tooLong: 'At most 500 characters, on one line.',
  export: 'Export files',
};
