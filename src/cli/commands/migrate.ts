import { connect } from '../../db/connect.ts';
import { migrate } from '../../db/migrate.ts';
import { type Command, JSON_OPTION, print } from '../command.ts';
import { openSettings } from '../local.ts';

export const migrateCommand: Command = {
  about: 'Brings the database to the newest migration.',
  usage: '[--json]',
  options: JSON_OPTION,
  run: async (args) => {
    const { config, postgres } = await openSettings();
    const db = connect({ connectionString: config.DATABASE_URL }, 1);
    try {
      const applied = await migrate(db);
      print(args, { applied }, () => (applied.length ? `applied ${applied.join(', ')}` : 'nothing to apply'));
      return 0;
    } finally {
      await db.destroy();
      await postgres?.stop();
    }
  },
};
