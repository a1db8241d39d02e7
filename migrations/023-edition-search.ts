import { type Kysely, sql } from 'kysely';

/**
 * Past editions found by their words. What is searched follows from the model alone, so it is an index and no column:
 * subject, the line of the editors, and headline, byline and summary of every story, in the words of the edition's
 * language where Postgres knows it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function search_language(lang text) returns regconfig language plpgsql immutable parallel safe as $$
      begin
        return 'pg_catalog.' || case lower(split_part(lang, '-', 1))
          when 'ar' then 'arabic' when 'da' then 'danish' when 'nl' then 'dutch' when 'en' then 'english'
          when 'fi' then 'finnish' when 'fr' then 'french' when 'de' then 'german' when 'el' then 'greek'
          when 'hu' then 'hungarian' when 'id' then 'indonesian' when 'ga' then 'irish' when 'it' then 'italian'
          when 'lt' then 'lithuanian' when 'no' then 'norwegian' when 'nb' then 'norwegian' when 'nn' then 'norwegian'
          when 'pt' then 'portuguese' when 'ro' then 'romanian' when 'ru' then 'russian' when 'es' then 'spanish'
          when 'sv' then 'swedish' when 'tr' then 'turkish' else 'simple' end;
      end $$;

    create function edition_stories(model jsonb) returns text language sql immutable parallel safe as $$
      select string_agg(concat_ws(e'\n', story->>'headline', story->>'byline', story->>'summary'), e'\n' order by place)
      from jsonb_array_elements(
        jsonb_path_query_array(model, '$.lead') || jsonb_path_query_array(model, '$.top[*]')
        || jsonb_path_query_array(model, '$.sections[*].items[*]') || jsonb_path_query_array(model, '$.briefs[*]')
      ) with ordinality as stories (story, place)
    $$;

    create function edition_words(model jsonb) returns tsvector language plpgsql immutable parallel safe
      set search_path from current as $$
      begin
        return to_tsvector(
          search_language(model->'publication'->>'lang'),
          concat_ws(e'\n', model->>'subject', model->>'editors_line', edition_stories(model)));
      end $$;

    create index editions_words on editions using gin (edition_words(model)) where model is not null;
  `.execute(db);
}
