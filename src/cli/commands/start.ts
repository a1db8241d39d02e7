import type { Command } from '../command.ts';
import { deskLink } from '../desk-link.ts';
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
        if (!isLocal) return;
        const { program } = service;
        const first = await makeFirstEdition(service);
        process.stdout.write(welcome(program, first, await deskLink(program)));
      };
      return startService(settings, { web: true, worker: true, scheduler: true, bounces: true }, prepare);
    }),
};
