import { openImapFolder } from '../src/events/ways/imap-folder.ts';
import { readMailbox } from '../src/events/ways/read-mailbox.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '* * * * *',
  about: 'Takes in what lies in the mailbox of IMAP_URL, where one is set.',
  run: ({ db, config: { IMAP_URL }, ...program }) =>
    readMailbox(db, IMAP_URL ? () => openImapFolder(IMAP_URL) : undefined, program),
};
