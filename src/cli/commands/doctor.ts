import { styleText } from 'node:util';
import { isConfigured } from '../../config.ts';
import { type Command, JSON_OPTION, print } from '../command.ts';
import { examine, type Finding } from '../examine.ts';
import { withProgram } from '../with-program.ts';

const NO = 3;
const MARKS: Record<Finding['status'], string> = {
  ok: styleText('green', 'ok     '),
  warn: styleText('yellow', 'look   '),
  fail: styleText('red', 'wrong  '),
  unknown: styleText('yellow', 'unknown'),
};

export const doctor: Command = {
  about:
    'Looks at settings, database, mail server, signing, DNS, feeds and editions, and says what is wrong.',
  usage: '[--json]',
  options: JSON_OPTION,
  run: (args) =>
    withProgram(async ({ program }) => {
      const findings = await examine(program, { local: !isConfigured() });
      const healthy = findings.every(({ status }) => status !== 'fail');
      print(args, { healthy, findings }, () => findings.map(describe).join('\n'));
      return healthy ? 0 : NO;
    }),
};

const describe = ({ check, status, detail }: Finding): string =>
  `${MARKS[status]}  ${check.padEnd(14)}${detail}`;
