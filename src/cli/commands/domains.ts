import { invalid } from '../../errors.ts';
import { type DomainRule, listDomainRules } from '../../trials/sign-up/domains/domain-rule.ts';
import { ruleDomain } from '../../trials/sign-up/domains/rule-domain.ts';
import { type Command, JSON_OPTION, print } from '../command.ts';
import { actorHere } from '../reader.ts';
import { withProgram } from '../with-program.ts';

const RULES: Record<string, DomainRule['rule'] | null> = {
  allow: 'allowed',
  refuse: 'refused',
  share: 'shared',
  forget: null,
};

export const domains: Command = {
  about: 'Lists what the newsroom says of mail domains, or says it: allow, refuse, share, forget.',
  usage: '[allow|refuse|share|forget <domain> --reason "…"] [--json]',
  words: 2,
  options: { reason: { type: 'string', about: 'why' }, ...JSON_OPTION },
  run: (args) =>
    withProgram(async ({ program: { db, clock } }) => {
      const [word, domain] = args.words;
      if (word !== undefined) {
        const rule = RULES[word];
        if (rule === undefined || domain === undefined)
          throw invalid(`"${args.words.join(' ')}"; expected ${Object.keys(RULES).join(', ')} and a domain`);
        const ruling = { now: clock.now(), actor: actorHere(), reason: String(args.options.reason ?? '') };
        await ruleDomain(db, { domain, rule }, ruling);
      }
      const rules = await listDomainRules(db);
      print(args, { domains: rules }, () => rules.map(describe).join('\n') || 'none');
      return 0;
    }),
};

const describe = ({ domain, rule, reason, ruled_by, ruled_at }: DomainRule): string =>
  [domain, rule, reason, `${ruled_by}, ${ruled_at}`].join('  ');
