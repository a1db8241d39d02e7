import { readConfig } from '../../config.ts';
import { invalid } from '../../errors.ts';
import type { Command } from '../command.ts';
import { type Roles, runUntilStopped, startService } from '../service.ts';

export const web = role('Serves the pages for readers and machines.', { web: true });
export const worker = role('Works the jobs: feeds, editions, mail.', { worker: true });
export const scheduler = role('Wakes every minute and asks for the jobs that are due; any number may run.', {
  scheduler: true,
});

export const bounces = role(
  'Takes in mail that comes back, as a mail server on BOUNCE_HOST and BOUNCE_PORT.',
  {
    bounces: true,
  },
);

/** One role of a production process: needs the whole configuration and runs until it is asked to stop. */
function role(about: string, roles: Roles): Command {
  return {
    about,
    usage: '',
    options: {},
    run: () =>
      runUntilStopped(async () => {
        const config = readConfig();
        if (roles.bounces && config.BOUNCE_PORT === undefined)
          throw invalid(
            'BOUNCE_PORT is missing; expected the port to take returned mail on, 25 for the internet',
          );
        const service = await startService({ config, postgres: undefined }, roles);
        service.log.info({ roles: Object.keys(roles) }, 'running');
        return service;
      }),
  };
}
