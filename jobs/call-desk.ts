import { listStaff } from '../src/accounts/staff/staff.ts';
import { callDesk } from '../src/press/call-desk.ts';
import type { Program } from '../src/program.ts';
import type { Job } from '../src/work/job.ts';

export const job: Job<Program> = {
  schedule: '* * * * *',
  about: 'Calls the staff to editions whose press is near, or that are held over it.',
  run: async ({ db, clock, public_url, profile, outside }) => {
    const staff = (await listStaff(db)).map(({ subscriber_id }) => subscriber_id);
    return callDesk(db, { now: clock.now(), staff, public_url, profile, outside });
  },
};
