/** The API of the trash: what the reference says about it. */
export const trashDocs = {
  endpoints: {
    'files.trash': 'What lies in the trash, of all file systems that are within reach',
    'files.restore': 'Put back what lies in the trash',
    'files.empty': 'Delete from the trash for good: what is named, or everything',
  },
  fields: {
    trashIds: 'Ids in the trash',
    trashId: 'What it is called by in the trash',
    trashFolder: 'Folder it was in',
    trashSize: 'Bytes; null for folders',
    trashBy: 'User who deleted it; null: another program',
    trashVolume: 'Mount point or drive that it lies on',
    trashRecreate: 'Make folders that are gone',
    trashEmptyIds: 'What to delete; left out: everything within reach',
  },
};
