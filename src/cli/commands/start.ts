import type { Command } from '../command.ts';
import { makeFirstEdition } from '../first-edition.ts';
import { openSettingsToServe } from '../local.ts';
import { runUntilStopped, type Service, startService } from '../service.ts';
import { welcome } from '../welcome.ts';

export const start: Command = {
  about:
    'Runs everything in one process; without a configuration, with its own Postgres, mailbox and sample newsroom.',
  usage: '',
  options: {},
  run: () =>
    runUntilStopped(async () => {
      const settings = await openSettingsToServe();
      const isLocal = settings.postgres !== undefined;
      const prepare = async (service: Service): Promise<void> => {
        if (isLocal) process.stdout.write(welcome(service.program, await makeFirstEdition(service)));
      };
      return startService(settings, { web: true, worker: true, scheduler: true, bounces: true }, prepare);
    }),
};
