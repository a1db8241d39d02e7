import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { searchEditions } from '../../src/editions/search.ts';
import { seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { seedEdition } from '../support/edition.ts';
import { modelItem } from '../support/edition-model.ts';

const db = await freshDatabase();
const dome = await seedPublication(db);
const nothingElse = { editors_line: null, top: [], sections: [], briefs: [], comment: null };

await seedEdition(db, dome, '2026-11-16', {
  ...nothingElse,
  subject: 'Senators vote on ferries',
  lead: modelItem({ headline: 'Ferries sail on', byline: 'Iris Vane', summary: 'The boats were saved.' }),
});
await seedEdition(db, dome, '2026-11-17', {
  ...nothingElse,
  subject: 'A quiet day',
  editors_line: 'Good morning from the snow.',
  lead: modelItem({
    headline: 'Nothing moved',
    byline: null,
    summary: 'Not even the <b>clock</b> & its hands.',
  }),
  sections: [{ name: 'People', items: [modelItem({ headline: 'A duck was voted for', byline: null })] }],
  briefs: [modelItem({ headline: 'The ferry is late', byline: 'Marian Holloway', summary: '' })],
});
for (const state of ['draft', 'stopped', 'held'] as const)
  await seedEdition(
    db,
    dome,
    state === 'draft' ? '2026-11-18' : state === 'held' ? '2026-11-19' : '2026-11-20',
    {
      ...nothingElse,
      state,
      subject: 'Secret ferries',
      lead: null,
    },
  );

/** The days of November found for these words. */
async function days(words: string, publication = dome): Promise<number[]> {
  const { total, found } = await searchEditions(db, publication, words, { limit: 30 });
  assert.equal(total, found.length);
  return found.map(({ edition_on }) => edition_on.day);
}

test('a word finds its other forms in subject, headline, summary, byline and the editors’ line, newest first', async () => {
  assert.deepEqual(await days('ferry'), [17, 16]);
  assert.deepEqual(await days('VOTING'), [17, 16]);
  assert.deepEqual(await days('senator'), [16]);
  assert.deepEqual(await days('boat saving'), [16]);
  assert.deepEqual(await days('iris vane'), [16]);
  assert.deepEqual(await days('snow'), [17]);
  assert.deepEqual(await days('clock'), [17]);
  assert.deepEqual(await days('duck'), [17]);
});

test('quotes, "or" and a minus mean what they mean everywhere', async () => {
  assert.deepEqual(await days('"ferries sail"'), [16]);
  assert.deepEqual(await days('"sail ferries"'), []);
  assert.deepEqual(await days('duck or senator'), [17, 16]);
  assert.deepEqual(await days('ferry -duck'), [16]);
});

test('what no reader was handed is not found, nor is another newsletter’s', async () => {
  assert.deepEqual(await days('secret'), []);
  const other = await seedPublication(db, { slug: 'other' });
  assert.deepEqual(await days('ferry', other), []);
});

test('odd questions find nothing and break nothing', async () => {
  for (const words of [
    '',
    '  ',
    'the and of',
    '\0',
    "'; drop table editions --",
    '"',
    '-',
    '\ud800',
    ':*&|!()',
    '🦆'.repeat(150),
  ])
    assert.deepEqual(await days(words), [], JSON.stringify(words));
});

test('the hits are marked as data, and the words around them stay as they were typed', async () => {
  const { found } = await searchEditions(db, dome, 'clocks', { limit: 1 });
  assert.deepEqual(
    found[0]?.excerpt.filter(({ hit }) => hit),
    [{ text: 'clock', hit: true }],
  );
  assert.match(found[0]!.excerpt.map(({ text }) => text).join(''), /even the <b>clock<\/b> & its hands/);
  const [ferries] = (await searchEditions(db, dome, 'senator', { limit: 1 })).found;
  assert.deepEqual(ferries?.subject, [
    { text: 'Senators', hit: true },
    { text: ' vote on ferries', hit: false },
  ]);
});

test('a control character in a text cannot pass for a mark', async () => {
  const odd = await seedPublication(db, { slug: 'odd' });
  await seedEdition(db, odd, '2026-11-16', {
    ...nothingElse,
    subject: '\u0002Not\u0003 a penguin',
    lead: null,
  });
  const [{ subject } = { subject: [] }] = (await searchEditions(db, odd, 'penguin', { limit: 1 })).found;
  assert.deepEqual(
    subject.filter(({ hit }) => hit).map(({ text }) => text),
    ['penguin'],
  );
});

test('the words are taken in the language of the newsletter, and plainly in one that Postgres does not know', async () => {
  const told = async (lang: string, subject: string) => {
    const publication = await seedPublication(db, { slug: `in-${lang.toLowerCase()}`, lang });
    const model = { ...nothingElse, subject, lead: null };
    await seedEdition(db, publication, '2026-11-16', {
      ...model,
      publication: {
        slug: '',
        name: '',
        tagline: '',
        lang,
        dir: 'ltr',
        site_url: '',
        postal_address: '',
        corrections_address: '',
        privacy_url: null,
      },
    });
    return publication;
  };
  assert.deepEqual(await days('Haus', await told('de-AT', 'Die Häuser stehen')), [16]);
  const welsh = await told('cy', 'Mae’r ferries yn hwyr');
  assert.deepEqual(await days('ferries', welsh), [16]);
  assert.deepEqual(await days('ferry', welsh), []);
});

test('the index can answer', async () => {
  await sql`set enable_seqscan = off`.execute(db);
  const { rows } = await sql<{ 'QUERY PLAN': string }>`
    explain select id from editions where model is not null and edition_words(model) @@ websearch_to_tsquery(search_language('en'), 'ferry')`.execute(
    db,
  );
  assert.match(rows.map((row) => row['QUERY PLAN']).join('\n'), /editions_words/);
});
